"""A scheme's card, the part about terms: when it is paid, through whom, on which claims, and what must be supplied."""

from __future__ import annotations

from collections.abc import Iterator

from remit.core import say
from remit.core.dates import parse_date
from remit.core.figures import EACH_QUARTER
from remit.core.words import agreed
from remit.documents.blocks import Block, Column, Facts, Heading, Row, Table
from remit.documents.scheme_card.look_up import supplied_there
from remit.documents.scheme_card.marks import Marker
from remit.scheme.advances import due_words, never_due, placed, rhythm, set_off_words
from remit.scheme.agreements import OPEN, Networks, PaidInAdvance
from remit.scheme.doubts import required
from remit.scheme.kinds import Reads
from remit.scheme.model import Scheme
from remit.scheme.source import Key
from remit.scheme.supply import Open, open_inputs

_ADVANCED = {
    "award for full achievement": "the award for full achievement",
    "previous achievement or agreed points": "the previous achievement, or of agreed points",
    "blocks": "the blocks, which are known before the year begins",
}
_SHARED = {
    "equal": "in equal parts",
    "list": "by registered list",
    "weighted list": "by weighted list",
    "register": "by the register of",
    "historic": "by what each was paid in an earlier year (HISTORIC_POUNDS of *)",
    "contribution": "by what each contributes itself",
    "agreed": "by amounts that the members agree on (AGREED_POUNDS of *)",
}
_CLAIMED = {
    "each": "each claim is one activity",
    "at the quarter's end": "a patient counts once a quarter, on the level held at its end",
    "days": "by the days that a patient was on a level",
}
_EXAMPLES = {"merger": "successor", "distribution": "equal", "indicators": "AF006,BP002"}
_PLURAL = {"practice": "practices", "network": "networks", "federation": "federations"}


def terms(scheme: Scheme, mark: Marker) -> Iterator[Block]:
    """When the pounds are paid, with the source's own words."""
    rows = [*_advance(scheme, mark), *_settled(scheme, mark)]
    for name in ("joiner", "leaver", "merger"):
        rule = getattr(scheme.terms.changes, name)
        if rule in scheme.parameters:
            text = say.sentence(f"as the parameter {rule} says")
        else:
            text = _open("changes", name) if rule == OPEN else say.sentence(mark(rule, "terms", "changes", name))
        rows.append((f"{say.capital(name)}s", text))
    nobody = mark(scheme.nobody_to_count, "nobody_to_count")
    if scheme.small_numbers and scheme.small_numbers.nobody == "paid at the average":
        nobody += ", but for an item whose small numbers are paid at the average"
    rows.append(("Nobody to count", say.sentence(nobody)))
    yield Heading(2, "When it is paid")
    yield Facts(tuple(rows))


def _open(*path: str) -> str:
    return f"Not in the sources: set terms.{'.'.join(path)}."


def _advance(scheme: Scheme, mark: Marker) -> Iterator[tuple[str, str]]:
    delivered = scheme.terms.paid_on_activity
    if not scheme.terms.advances:
        yield "In advance", "Nothing is paid in advance."
    for path, ahead in placed(scheme):
        yield "In advance", _quoted(_one_advance(ahead, path, mark), ahead.words)
    if delivered:
        days = mark(delivered.days.text, "terms", "paid_on_activity", "days")
        after = f"{days} days after its end"
        if delivered.days.required:
            after = "after it; how many days after is not in the sources: set terms.paid_on_activity.days"
        text = f"What was delivered in a {delivered.every} is paid {after}{set_off_words(scheme)}."
        yield "On activity", _quoted(text, delivered.words)


def _one_advance(ahead: PaidInAdvance, path: Key, mark: Marker) -> str:
    """Of what, in how many instalments, on which days, and where the odd pence are."""
    share = "a share that must be supplied" if ahead.share.required else mark(ahead.share.text, *path, "share")
    of = _ADVANCED[ahead.of]
    if ahead.items:
        of += f" of {agreed('{item|items}', len(ahead.items))} {say.listed(ahead.items)}"
    if isinstance(ahead.due, tuple):
        count, on = say.in_words(len(ahead.due)), due_words(ahead, say.day)
    else:
        count = "" if ahead.instalments is None else f"{mark(ahead.instalments.text, *path, 'instalments')} "
        on = f"the {mark(ahead.due, *path, 'due')}"
        count = f"{count}{rhythm(ahead)}".strip()
    many = "instalment" if count in ("1", "one") else "instalments"
    first = f", the first on {mark(say.day(ahead.first), *path, 'first')}" if ahead.first else ""
    last = mark(f"the {ahead.remainder} instalment", *path, "remainder")
    odd = "" if count in ("1", "one") else f"; odd pence in {last}"
    text = f"{say.capital(share)} of {of}, in {count} {many} on {on}{first}{odd}."
    if ahead.previous_point_value:
        before = mark(ahead.previous_point_value.text, *path, "previous_point_value")
        text += f" Last year's value of a point was {before}."
    return text


def _settled(scheme: Scheme, mark: Marker) -> Iterator[tuple[str, str]]:
    balance, back = scheme.terms.balance, scheme.terms.recovery
    if balance.due == OPEN and ("terms", "balance") in never_due(scheme):
        due = "None: all that is earned is paid as it is delivered."
    else:
        due = _open("balance", "due") if balance.due == OPEN else f"Due on {_day(scheme, mark, 'balance', 'due')}."
    if balance.reviewed:
        due = f"Final once all evidence is reviewed: {_day(scheme, mark, 'balance', 'reviewed')}. {due}"
    yield "Balance", _quoted(due, balance.words)
    if scheme.terms.paid_in_advance is None and not back.words and back.months.required:
        yield "Recovery", "None: nothing is paid in advance."
        return
    months = mark(back.months.text, "terms", "recovery", "months")
    at_most = "the number of months must be supplied" if back.months.required else f"at most {months} months"
    longer = f", more in {back.exception}" if back.exception else ""
    yield "Recovery", _quoted(f"In monthly instalments ({at_most}{longer}), {_start(scheme, mark)}.", back.words)


def _start(scheme: Scheme, mark: Marker) -> str:
    """When a recovery begins, and whether each part of it falls on a month's last day."""
    back = scheme.terms.recovery
    ends = f", each on the {mark(back.due, 'terms', 'recovery', 'due')}" if back.due else ""
    if back.first == OPEN:
        return f"the first on a day that is not in the sources: set terms.recovery.first{ends}"
    if back.first:
        return f"the first on {_day(scheme, mark, 'recovery', 'first')}{ends}"
    if back.notified == OPEN:
        return f"from a day that is not in the sources: set terms.recovery.notified{ends}"
    return f"from {_day(scheme, mark, 'recovery', 'notified')}{ends}"


def _day(scheme: Scheme, mark: Marker, part: str, key: str) -> str:
    """A term's date, or the parameter that gives it."""
    text = getattr(getattr(scheme.terms, part), key)
    if text in scheme.parameters:
        return f"a date to be given (parameter {text})"
    return mark(say.day(parse_date(text)), "terms", part, key)


def _quoted(text: str, words: str) -> str:
    """What the file says, and the source's own words below."""
    return f"{text}\n“{say.clean(words)}”" if words else text


def provision(scheme: Scheme, mark: Marker) -> Iterator[Block]:
    """Who provides it, networks, claims, and what is watched; nothing where practices alone provide it."""
    rows = []
    if scheme.levels != ("practice",):
        rows.append(("Provided by", f"{say.capital(say.listed([_PLURAL[level] for level in scheme.levels]))}."))
    if scheme.networks:
        rows.append(("Networks", _quoted(_networks(scheme, scheme.networks), scheme.networks.words)))
        if scheme.networks.reinvest:
            rows.append(("Reinvestment", say.sentence(say.clean(scheme.networks.reinvest))))
    if scheme.claims:
        rows.append(("Claims", _quoted(_claims(scheme, mark), scheme.claims.words)))
    if scheme.monitoring:
        rows.append(("Watched", _quoted(_monitoring(scheme, mark), scheme.monitoring.words)))
    if rows:
        yield Heading(2, "Who provides it, and how")
        yield Facts(tuple(rows))


def _networks(scheme: Scheme, networks: Networks) -> str:
    earns = "The network earns it, counted as one" if networks.earned_by == "network" else "Each member earns by itself"
    pooled = "" if networks.earned_by == "network" else " and it is pooled"
    if networks.distribution in scheme.parameters:
        shared = f"shared out by a rule to be given (parameter {networks.distribution})"
    elif networks.distribution == OPEN:
        shared = "shared out by a rule that is not in the sources: set networks.distribution"
    else:
        of = f" {networks.register_of}" if networks.distribution == "register" else ""
        shared = f"shared out {_SHARED[networks.distribution]}{of}"
    text = f"{earns}{pooled}; {shared}."
    if scheme.pays_both:
        items = say.listed([item.item for item in scheme.through_networks()])
        text = f"For {items} alone: {text[:1].lower()}{text[1:]} Each practice has its part in its own payment."
    if networks.assent == "every member":
        text += " Every member must say yes (AGREED 1 of *) before anything is paid."
    if networks.assent == "unless vetoed":
        until = f" by {say.day(networks.veto_by)}" if networks.veto_by else ""
        text += f" A member can veto an item, or all (VETO 1){until}: then nothing is paid for it to any member."
    if networks.people:
        text += f" A network should have {networks.people.words}; a run warns of one that has not."
    return text


def _claims(scheme: Scheme, mark: Marker) -> str:
    claims = scheme.claims
    assert claims is not None
    said = [say.capital(_CLAIMED[claims.counted])]
    if claims.levels:
        across = f", also across {claims.exclusive}" if claims.exclusive else ""
        one = f"one of {say.listed(claims.levels)}" if len(claims.levels) > 1 else f"{claims.levels[0]} once"
        said.append(f"a patient is on {one} in a quarter{across}")
    for code, months in claims.once.items():
        shown = mark(months.text, "claims", "once", code)
        again = f"more than {shown} calendar month{'' if months.value == 1 else 's'}"
        again = "a time that must be supplied" if months.required else again
        said.append(f"{code} is paid once for a patient, and again only after {again} off every level")
    if claims.eligible:
        said.append("the provider must be eligible on the claim's date")
    return f"{'; '.join(said)}. They are given in a file of claims."


def _monitoring(scheme: Scheme, mark: Marker) -> str:
    watched = scheme.monitoring
    assert watched is not None
    count = f"{mark(watched.count.text, 'monitoring', 'count')} indicators" if watched.count else "Indicators"
    if isinstance(watched.indicators, str):
        named = f"{count}, whose codes are not in the sources (set monitoring.indicators)"
    else:
        named = f"{count}: {', '.join(watched.indicators)}"
    against = f", against {watched.against}" if watched.against else ""
    within = ""
    if watched.tolerance:
        points = mark(watched.tolerance.text.removesuffix("%"), "monitoring", "tolerance")
        within = f", within {points} percentage points"
    if watched.significance:
        level = mark(watched.significance.text, "monitoring", "significance")
        level = "a level that must be supplied" if watched.significance.required else f"{level} by chance"
        within += f", a fall being significant below {level}"
    same = ", each quarter beside the same quarter" if watched.every == "quarter" and watched.against else ""
    people = f" Of {say.listed(watched.people)} the number of people is watched, not a rate." if watched.people else ""
    return f"{named}. Looked at each {watched.every}{against}{same}{within}; nothing is paid by them.{people}"


def to_supply(scheme: Scheme) -> Iterator[Block]:
    """What a run must be given beside numerators and denominators: what no source gives, and figures of the items."""
    elsewhere, without = supplied_there(scheme), never_due(scheme)
    opens = [one for one in open_inputs(scheme) if one.name not in elsewhere and one.path[:2] not in without]
    if opens:
        labels = {number.path: number.label for number in required(scheme)}
        rows = (Row((labels.get(one.path, one.about), _example(scheme, one))) for one in opens)
        columns = (Column("What", 5), Column("Set, for example", 5))
        yield Table("What no source gives, and a run must be given", columns, tuple(rows))
    read = list(figures_of(scheme))
    if read:
        rows = (Row((about, one.measure, _when(one), _words(one))) for about, one in read)
        heads = (Column("Of", 2), Column("Measure", 3), Column("Period", 2), Column("What it is", 6))
        yield Table("Figures in the counts, beside numerators and denominators", heads, tuple(rows))


def _example(scheme: Scheme, one: Open) -> str:
    if one.unit == "date":
        return f"{one.name}={scheme.year.end}"
    text = "'whole months'" if one.path[-1] in ("joiner", "leaver") else _EXAMPLES.get(str(one.path[-1]), "")
    return f"{one.name}={text}" if text else one.example


def figures_of(scheme: Scheme) -> Iterator[tuple[str, Reads]]:
    """The figures that items are calculated from, each once: whom it is about in the counts, and what is read."""
    known = set()
    for item in scheme.items:
        for read in item.kind.reads():
            about = read.subject or item.item
            if (about, read.measure, read.period) not in known:
                known.add((about, read.measure, read.period))
                yield about, read


def _when(read: Reads) -> str:
    return "each quarter" if read.period == EACH_QUARTER else str(read.period)


def _words(read: Reads) -> str:
    words = say.clean(read.words)
    return f"{words}{', ' if words else ''}may be left out" if read.optional else words
