"""A patient's row in words: what to do, at which contact, by when. The same words in every form of the list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from remit.core import say
from remit.core.dates import MONTHS, SchemeYear
from remit.core.rounding import exact_text, pence_text
from remit.documents.figures import NOT_KNOWN
from remit.worklist.model import Care, CareDue, CareWorth, Contact, State, Worklist, WorklistEntry

LISTS: dict[State, str] = {
    "gap": "to do",
    "soon": "coming due",
    "pca": "PCA, still needs care",
    "declined": "declined",
    "after death": "after death",
}
BY_CONTACT = ("Patients", "Care to give", "With a test beforehand", "By phone or text")
BY_MONTH = ("To do", "Coming due", "PCA", "Declined", "Not seen for a year")
_DUE = {
    "expires": "the last record expires",
    "invitation": "one more invitation counts",
    "year end": "the year ends",
}
_REASONS = {
    "unsuitable": "not suitable for the patient",
    "did not respond": "no reply to invitations",
    "newly diagnosed": "newly diagnosed",
    "newly registered": "newly registered",
    "chose not to": "chose not to have it",
}
NOTHING = "none that counts"
PRIVATE = (
    "For the practice only: do not send it on, and destroy copies after use. Ids are the records' pseudonyms, from "
    "which the practice's key finds the person."
)


def contact_title(listed: Worklist, contact: Contact) -> str:
    """`Long-term condition review`."""
    return listed.contacts[contact.kind].title


def deadline(listed: Worklist) -> str:
    """Until when care counts: `by 31 March`, or once the year has ended `in 2025-26`."""
    if listed.ended:
        return f"in {SchemeYear(listed.year_end.year)}"
    return f"by {listed.year_end.day} {month(listed.year_end.month)}"


def to_do(listed: Worklist, contact: Contact) -> list[str]:
    """What one contact is for, a line for each thing to do, and what comes before it."""
    return [*(thing(own, deadline(listed)) for own in by_action(contact.gaps)), *ahead(contact)]


def ahead(contact: Contact) -> Iterator[str]:
    """What is done before the contact, and whether it needs no visit."""
    before = list(dict.fromkeys(test for care in contact.gaps for test in care.before))
    if before:
        yield f"Beforehand: {say.listed(before)}"
    if all(care.action.remote for care in contact.gaps):
        yield "By phone or text"


def by_action(gaps: Sequence[Care]) -> list[list[Care]]:
    """Gaps that one action closes stand together: a blood pressure for three indicators is taken once."""
    actions: dict[str, list[Care]] = {}
    for care in gaps:
        actions.setdefault(care.action.do, []).append(care)
    return list(actions.values())


def thing(own: Sequence[Care], when: str = "") -> str:
    """`Blood pressure check: needs one by 31 March; last 152/94 on 3 May 2024 (HYP008)`.

    Without the deadline, where that stands elsewhere: `Blood pressure check: last 152/94 on 3 May 2024 (HYP008)`.
    """
    action = own[0].action
    missing = list(dict.fromkeys(part for care in own for part in care.missing))
    last = next((care.last for care in own if care.last), "")
    if missing:
        parts = [f"needs {say.listed(missing)} {when}".rstrip()]
    else:
        parts = [f"{action.needs} {when}"] if when else []
        parts.append(f"last {last}" if last else NOTHING)
    return f"{say.capital(action.do)}: {'; '.join(parts)} ({codes(own)})"


def codes(own: Sequence[Care]) -> str:
    """The indicators that ask for some care."""
    return ", ".join(care.code for care in own)


def others(listed: Worklist, entry: WorklistEntry) -> list[str]:
    """What other contacts than the first would close: `Medicines decision, by GP: Statin: needs a decision …`."""
    lines = []
    for contact in entry.contacts[1:]:
        things = "; ".join(thing(own) for own in by_action(contact.gaps))
        lines.append(f"{listed.contacts[contact.kind].title}: {things}")
    return lines


def besides(listed: Worklist, entry: WorklistEntry) -> list[str]:
    """All else that is known of a patient to call: other contacts, what comes due, what has a PCA or was declined."""
    return [
        *others(listed, entry),
        *(f"Coming due: {line}" for line in soon(entry.of("soon"))),
        *(f"PCA, still needs care: {line}" for line in adjusted(entry.of("pca"))),
        *(f"Declined: {line}" for line in adjusted(entry.of("declined"))),
    ]


def adjusted(care: Sequence[Care]) -> list[str]:
    """`Blood pressure check: no reply to invitations, 3 May 2024 (HYP008)`, a line for each PCA or choice."""
    return _by_text(care, _adjusted)


def _adjusted(one: Care) -> str:
    since = f", {say.short_day(one.since)}" if one.since else ""
    return f"{say.capital(one.action.do)}: {reason(one)}{since}"


def _by_text(care: Sequence[Care], text: Callable[[Care], str]) -> list[str]:
    """A line for each text, with all indicators that it is said of."""
    lines: dict[str, list[Care]] = {}
    for one in care:
        lines.setdefault(text(one), []).append(one)
    return [f"{line} ({codes(own)})" for line, own in lines.items()]


def reason(care: Care) -> str:
    """Why there is a PCA: `no reply to invitations`."""
    return _REASONS.get(care.why, "another reason")


def after_death(entry: WorklistEntry) -> list[str]:
    """`ReSPECT record (RESPECT-DEATHS)`, of somebody who has died."""
    return [f"{say.capital(one.action.do)} ({one.code})" for one in entry.of("after death")]


def soon(care: Sequence[Care]) -> list[str]:
    """`Cervical screening: expires on 10 May 2025; last 10 Nov 2021 (CS005)`; of parts, which of them expire."""
    return _by_text(care, _soon)


def _soon(one: Care) -> str:
    which = f"{say.listed(one.missing)} " if one.missing else ""
    verb = "expire" if len(one.missing) > 1 else "expires"
    parts = [f"{which}{verb} on {say.short_day(due.day)}" for due in one.dues[:1]]
    parts += [f"last {one.last}"] if one.last else []
    return f"{say.capital(one.action.do)}: {'; '.join(parts)}"


def lines(entry: WorklistEntry, state: State) -> list[str]:
    """A patient's care in a state other than a gap, a line for each."""
    own = entry.of(state)
    if state == "soon":
        return soon(own)
    return after_death(entry) if state == "after death" else adjusted(own)


def also(entry: WorklistEntry, state: State) -> str:
    """Where else a patient stands: `to do, declined`."""
    others: tuple[State, ...] = ("gap", "soon", "pca", "declined")
    return ", ".join(LISTS[other] for other in others if other != state and entry.of(other))


def by_month(listed: Worklist, number: int) -> tuple[int, ...]:
    """How many patients born in a month stand on each list, as `BY_MONTH` names them."""
    states: tuple[State, ...] = ("gap", "soon", "pca", "declined")
    unseen = sum(entry.unseen for entry in listed.entries if entry.born.month == number)
    return (*(listed.count(state, number) for state in states), unseen)


def by_contact(listed: Worklist) -> list[tuple[str, str, int, int, int, int]]:
    """For each kind of contact its key, its title with whose it is, and the numbers that `BY_CONTACT` names."""
    every = [contact for entry in listed.entries for contact in entry.contacts]
    rows = []
    for kind, about in listed.contacts.items():
        own = [contact for contact in every if contact.kind == kind]
        if own:
            tests = sum(any(care.before for care in contact.gaps) for contact in own)
            remote = sum(all(care.action.remote for care in contact.gaps) for contact in own)
            gaps = sum(len(contact.gaps) for contact in own)
            rows.append((kind, f"{about.title} ({about.by})", len(own), gaps, tests, remote))
    return rows


def next_date(due: CareDue | None, listed: Worklist) -> str:
    """The day, and why it matters; one more invitation that counts already is `now`."""
    if due is None:
        return ""
    if due.why == "invitation" and due.day <= listed.on:
        return f"Now: one more invitation counts since {say.short_day(due.day)}"
    if listed.ended and due.why == "year end":
        return f"In {SchemeYear(listed.year_end.year)}"
    return f"{say.short_day(due.day)}: {_DUE[due.why]}"


def next_day(due: CareDue | None, listed: Worklist) -> str:
    """The day alone: `31 Mar 2025`, `now`, or once the year has ended `in 2025-26`."""
    if due is None:
        return ""
    if listed.ended and due.why == "year end":
        return deadline(listed)
    return "now" if due.day <= listed.on else say.short_day(due.day)


def worth(entry: WorklistEntry) -> str:
    """`£12.30`: what the patient brings once all above are done; below it what is to be said of it."""
    if not entry.contacts:
        return ""
    pence = entry_pence(entry)
    return NOT_KNOWN if pence is None else "\n".join([say.money(pence), *_of_worth(entry)])


def worth_note(entry: WorklistEntry) -> str:
    """What is to be said of a patient's worth beside the amount."""
    return NOT_KNOWN if entry_pence(entry) is None else "\n".join(_of_worth(entry))


def entry_pence(entry: WorklistEntry) -> int | None:
    """What all of a patient's gaps bring in the order of the list; None where nothing of it is known."""
    total = entry.brought()
    return total.value if total.known else None


def _of_worth(entry: WorklistEntry) -> Iterator[str]:
    best, total = entry.contacts[0], entry.brought()
    here = entry.brought(best)
    if len(entry.contacts) > 1 and here.pence != total.pence:
        yield f"{say.money(here.pence)} of it at this contact"
    if best.pence and best.pence != here.pence:
        yield f"{say.money(best.pence)} if seen before those above"
    if best.towards:
        yield f"counts towards item{'s' if len(best.towards) > 1 else ''} {say.listed(best.towards)}"
    if is_open(entry):
        yield f"more {NOT_KNOWN}"


def is_open(entry: WorklistEntry) -> bool:
    """Whether a part of a patient's worth is not known."""
    return any(contact.open for contact in entry.contacts)


def worth_pounds(entry: WorklistEntry) -> str:
    """For a column of numbers: `12.30`, empty where it is not known."""
    pence = entry_pence(entry)
    return "" if pence is None else pence_text(pence)


def alone_pounds(entry: WorklistEntry) -> str:
    """What the first contact would bring if the patient were the next to be done: what the order goes by."""
    best = entry.contacts[0] if entry.contacts else None
    return "" if best is None or best.pence is None else pence_text(best.pence)


def towards_pounds(contact: Contact | None) -> str:
    """What a contact brings towards steps, for a column of numbers; empty where it is not known."""
    if contact is None or (contact.open and not contact.share):
        return ""
    return exact_text(contact.share / 100, 2, 2)


def worth_is(entry: WorklistEntry) -> str:
    """Whether the worth is known: `known`, `in part` or `not known`."""
    if not entry.contacts:
        return ""
    return NOT_KNOWN if entry_pence(entry) is None else "in part" if is_open(entry) else "known"


def all_listed(listed: Worklist, code: str) -> str:
    """What all listed gaps of an indicator bring: `£276.33: the next 1 patient, then £0.00`."""
    total = listed.brought(code)
    if total.value is None:
        return NOT_KNOWN
    if not total.known:
        return ""
    own = [entry.brings[code].pence or 0 for entry in listed.entries if code in entry.brings]
    paid = max((n for n, pence in enumerate(own, 1) if pence), default=0)
    text = say.so_far(total)
    if 0 < paid < len(own) and not total.unknown:
        text += f": the next {say.patients(paid)} {'earns' if paid == 1 else 'earn'} it, then £0.00"
    return text


def step(one: CareWorth) -> str:
    """What a gap is worth in a scheme, in a sentence: alone, and at the next step."""
    if one.pence is None:
        return f"Not known. {say.sentence(one.why)}"
    if one.pence == 0 and one.more:
        people = say.patients(one.more, "more ")
        pounds = say.gain(one.step_pence) if one.step_pence is not None else f"{NOT_KNOWN}. {one.why}"
        return say.sentence(f"One alone earns nothing; {people} reach {one.step}: {pounds}")
    if one.pence == 0:
        return say.sentence(one.why or "One more earns nothing")
    if one.more and one.more > 1 and one.step_pence is not None:
        return f"{say.patients(one.more, 'more ')} reach {one.step}: {say.gain(one.step_pence)}."
    return "The next patient earns it." if one.more == 1 else ""


def seen(entry: WorklistEntry) -> str:
    """When the patient was last seen, as far as the records tell."""
    day = say.short_day(entry.last_seen) if entry.last_seen else "no record"
    return f"{day}: not seen for a year" if entry.unseen and entry.last_seen else day


def month(number: int) -> str:
    """`January`."""
    return MONTHS[number - 1]


def orders(listed: Worklist) -> Iterator[str]:
    """How the list is made, for whoever has to trust it."""
    yield (
        "The pounds beside a patient are what all of their care brings once everybody above is done, so that the "
        "column adds up to what the whole list brings."
    )
    yield (
        "Order: what one contact would bring if it were the next, then what it brings towards the next step of a "
        "threshold, then how much care it covers, then the next date, then the id. What is not known counts as "
        "nothing here."
    )
    yield (
        "A record expires on the first day on which it no longer counts for the twelve months up to that day. Coming "
        f"due looks {listed.ahead} months ahead, to {say.short_day(listed.looks_to)}."
    )
    yield "Last seen: the latest coded record, invitations and prescriptions left out."
    yield "Patients whom an indicator excludes are not here, though they too may need care."
    for risk in listed.risks:
        yield f"{say.capital(risk.name)}: {risk.source}."
