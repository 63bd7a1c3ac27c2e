"""An indicator over records as blocks: why one patient was counted, and the specification of a search to build."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from remit.core import say
from remit.core.words import listed
from remit.documents.blocks import Block, Bullets, Column, Facts, Heading, Para, Row, Table
from remit.evaluation.explain import Explanation
from remit.evaluation.model import Dates
from remit.records.model import UNKNOWN_DAY, Event
from remit.rules import model as r
from remit.rules.definitions import Definitions
from remit.rules.printing import period_text
from remit.rules.words import bounds_words, condition_words, field_words, period_words
from remit.terminology.clusters import ClusterSet
from remit.terminology.systems import shown

DEMONSTRATION = (
    "The code clusters are the demonstration's: made-up codes are among them, and no payment can rest on this."
)


def explanation_blocks(
    made: Explanation, dates: Dates, clusters: ClusterSet, practice: str, known: Definitions, elsewhen: str = ""
) -> Iterator[Block]:
    """The rule table with what each rule saw, which decided, and the records behind that; how the source was read.

    `elsewhen` says of rules that they are of another year than the day.
    """
    definition = made.definition
    yield Heading(1, f"{definition.code} for patient {say.clean(made.patient)}")
    yield Para(f"{definition.title}: {made.result}.", "lead")
    if clusters.demonstration:
        yield Para(DEMONSTRATION, "reason")
    if elsewhen:
        yield Para(elsewhen, "reason")
    yield Facts((
        ("Practice", practice),
        ("Achievement date", say.day(dates.achievement)),
        ("Payment period", f"{say.day(dates.start)} to {say.day(dates.end)}"),
        ("Rules", " ".join(filter(None, [definition.version, f"({definition.status})"]))),
        ("Hold for", str(definition.years or "no year is said")),
        *_period(definition),
        ("Code clusters", f"{clusters.name}, {clusters.release}"),
    ))  # fmt: skip
    for below in {one.definition.code: one for one in reversed(list(_registers(made)))}.values():
        yield Heading(2, f"{below.definition.code}: {below.definition.title}")
        yield from _table(below, clusters)
        yield from _as_read(below.definition, known)
    yield Heading(2, f"{definition.code}: the rules")
    if made.outcome is None and made.why and not definition.is_register:
        yield Para(f"The rules were not run: the patient is {made.why}.", "reason")
    yield from _table(made, clusters)
    yield from _as_read(definition, known)


def _as_read(definition: r.Definition, known: Definitions) -> Iterator[Block]:
    """How the source of a definition was read, and of its single rules."""
    text = known.texts.get(definition.code)
    if text is not None and text.note:
        yield Para(f"How the source was read: {' '.join(text.note.split())}")
    yield from _rule_notes(definition, known)


def _rule_notes(definition: r.Definition, known: Definitions) -> Iterator[Block]:
    """The rules that have a source, a standing or a note of their own."""
    text = known.texts.get(definition.code)
    said = []
    for rule in text.rules if text else ():
        source = known.sources[rule.source].title if rule.source else ""
        whence = ", ".join(filter(None, [rule.standing, source]))
        if rule.note or whence:
            note = " ".join(rule.note.split()) or "as its source has it."
            said.append(f"Rule {rule.rule}{f' ({whence})' if whence else ''}: {note}")
    if said:
        yield Bullets(tuple(said))


def inferred_rules(definitions: Iterable[r.Definition], known: Definitions) -> str:
    """Which of these definitions, and of the registers that they rest on, have single rules that one source alone has,
    or that can be read in two ways."""
    every = dict.fromkeys(one.code for definition in definitions for one in [definition, *known.below(definition)])
    texts = {code: known.texts[code] for code in every if code in known.texts}
    those = [code for code, text in texts.items() if any(rule.standing == "inferred" for rule in text.rules)]
    if not those:
        return ""
    return (
        f"Single rules of {listed(those)} are inferred: one source alone has them, or they can be read in two ways. "
        "'remit spec' says how each was read."
    )


def _registers(made: Explanation) -> Iterator[Explanation]:
    for below in made.registers:
        yield below
        yield from _registers(below)


def _table(made: Explanation, clusters: ClusterSet) -> Iterator[Block]:
    if not made.lines:
        yield Para("There are no rules: everybody in the population is counted.")
        return
    columns = (Column("Rule", 1), Column("Condition", 8), Column("It saw", 5), Column("It was", 1.5), Column("So", 4))
    rows = []
    for line in made.lines:
        seen = "; ".join(f"{name} {value}" for name, value in line.seen)
        so = f"{line.action}: {line.counts}" if line.counts else line.action
        if line.decided:
            so = f"► {so}"
        was = ("true" if line.true else "false") if line.reached else "not reached"
        cells = (str(line.number), line.text, seen, was, so if line.reached else "")
        rows.append(Row(cells, "total" if line.decided else ""))
    yield Table("Rules in their order; the first that selects or rejects decides (►)", columns, tuple(rows))
    if made.records:
        yield from _record_table(
            "Records behind the rule that decided",
            [(record.field, record.cluster, record.event, "") for record in made.records], "Field", "Says", clusters,
        )  # fmt: skip
    elif any(line.decided for line in made.lines):
        yield Para("No coded record stands behind the rule that decided: it rests on absence, age or registration.")
    if made.unseen:
        yield from _record_table(
            "Records of its clusters that the rule does not see",
            [("", record.cluster, record.event, record.why) for record in made.unseen], "", "Why", clusters,
        )  # fmt: skip


def _record_table(
    title: str, records: Sequence[tuple[str, str, Event, str]], first: str, last: str, clusters: ClusterSet
) -> Iterator[Block]:
    """Records, each with its field, its cluster and why it is told; what is empty of all is no column."""
    columns = (Column(first, 3), Column("Date", 2), Column("Code", 3), Column("Term", 5), Column("Value", 2),
               Column("Cluster", 3), Column(last, 3))  # fmt: skip
    rows = [_record_cells(*record, clusters) for record in records]
    kept = [at for at in range(len(columns)) if any(row[at] for row in rows) or 0 < at < len(columns) - 1]
    yield Table(title, tuple(columns[at] for at in kept), tuple(Row(tuple(row[at] for at in kept)) for row in rows))


def _record_cells(field: str, cluster: str, event: Event, why: str, clusters: ClusterSet) -> tuple[str, ...]:
    term = clusters.cluster(cluster).codes.get(event.code, "")
    value = "" if event.value is None else f"{format(event.value.normalize(), 'f')} {event.unit}".strip()
    code = f"{event.code} ({shown(event.system)})" if event.system else event.code
    says = why or "; ".join(filter(None, (say.clean(event.answer), event.status.replace("-", " "), event.negation)))
    return field, _when(event), code, say.clean(term), f"{event.comparator} {value}".strip(), cluster, says


def _when(event: Event) -> str:
    """The day of a record, its time where that is known, and how long it lasts."""
    day = "day not known" if event.date == UNKNOWN_DAY else say.day(event.date)
    if event.time is not None:
        day += f" {event.time // 3600:02}:{event.time // 60 % 60:02}"
    ends = {"open": ", still lasts", "unknown": ", end not known"}
    several = event.end is not None and event.end != event.date
    return day + (f" to {say.day(event.end)}" if event.end and several else ends.get(event.lasts, ""))


def spec_blocks(
    definition: r.Definition, known: Definitions, clusters: ClusterSet | None, dates: Dates | None, elsewhen: str = ""
) -> Iterator[Block]:
    """A search specification: population, clusters, fields, rules and dates, with rationale, notes and links.

    `elsewhen` says of rules that they are of another year than the day.
    """
    text = known.texts[definition.code]
    yield Heading(1, f"{definition.code}: {definition.title}")
    if text.words:
        yield Para(f"“{' '.join(text.words.split())}”", "lead")
    if definition.status != "complete":
        yield Para(
            f"The rules are {definition.status}: they follow the published wording, and no published rule table was "
            "found to check them against.",
            "reason",
        )
    if elsewhen:
        yield Para(elsewhen, "reason")
    source = known.sources.get(definition.source)
    facts = [
        ("What it is", "register" if definition.is_register else "indicator"),
        ("Version", definition.version or "not said"),
        ("Holds for", str(definition.years or "no year is said")),
        ("Source", f"{source.title}{f' ({source.address})' if source.address else ''}" if source else "not said"),
        ("Population", _population(definition)),
        *_period(definition),
    ]
    if dates:
        facts.append(("Achievement date", say.day(dates.achievement)))
        facts.append(("Payment period", f"{say.day(dates.start)} to {say.day(dates.end)}"))
    yield Facts(tuple(facts))
    if text.rationale:
        yield Heading(2, "Why")
        yield Para(text.rationale)
    if text.note:
        yield Heading(2, "How the source was read")
        yield Para(text.note)
    if text.links:
        yield Bullets(tuple(text.links))
    for name, table in definition.bounds.items():
        yield Heading(2, f"Bound {name}")
        yield Para(say.capital(bounds_words(table)) + ".")
    chain = _populations(definition, known)
    for below in known.below(definition):
        yield Heading(2, f"{'Start from' if below.code in chain else 'Look up'} {below.code}: {below.title}")
        if note := known.texts[below.code].note:
            yield Para(note)
        yield from _fields(below)
        yield _rules(below)
        yield from _rule_notes(below, known)
    yield Heading(2, "Fields" if definition.fields else "Rules")
    yield from _fields(definition)
    for group, parts in definition.parts.items():
        rows = tuple(Row((name, say.capital(condition_words(condition)) + ".")) for name, condition in parts.items())
        yield Table(f"Parts of {group}, each with a rate of its own", (Column("Part", 3), Column("Met when", 9)), rows)
    if definition.rules:
        if definition.fields:
            yield Heading(2, "Rules")
        yield _rules(definition)
        yield from _rule_notes(definition, known)
    yield Heading(2, "Codes")
    yield from _clusters(definition, known, clusters)
    yield Heading(2, "How to read it")
    yield Bullets((
        "Records dated after the achievement date are not seen.",
        "The first and the last day on a practice's list both count; of the last day no source says so.",
        "Rules run in order; the first that selects or rejects decides.",
        "A comparison with something missing is false, 'is not' too. A day on the boundary of 'after' does not count.",
        "Months are calendar months, clamped to the month's end: 9 months before 31 March is 30 June.",
        "The denominator is everybody selected; the numerator those selected as achieved.",
        *_readings([definition, *known.below(definition)]),
    ))  # fmt: skip


def _readings(definitions: Iterable[r.Definition]) -> Iterator[str]:
    """How what these definitions ask of records is read, where a search built by hand could read it otherwise."""
    fields = [field for definition in definitions for field in definition.fields.values()]
    asked = [part for field in fields if (where := r.filter_of(field)) is not None for part in r.conditions(where)]
    lasting = any(isinstance(part, r.Within | r.WithinRecord) or getattr(part, "relation", None) for part in asked)
    if lasting or any(isinstance(field, r.EndOf) for field in fields):
        yield (
            "A record lasts from its date to its end, both counted; one that says no end is of its day alone. One "
            "whose end nobody knows overlaps nothing, is within nothing and ends in nothing; one that still lasts "
            "overlaps what comes after it began, and ends in nothing."
        )
    if any(isinstance(part, r.InOrder) for part in asked):
        yield "Of one day, a record is before or after another only where both say the time."
    if any(isinstance(field, r.Supply) for field in fields):
        yield "A day that two supplies cover is covered once; a prescription that says no length covers its own day."


def _populations(definition: r.Definition, known: Definitions) -> set[str]:
    """The registers from which a definition starts, one below the other."""
    found = set()
    while definition.population in known.registers:
        found.add(definition.population)
        definition = known.registers[definition.population]
    return found


def _period(definition: r.Definition) -> list[tuple[str, str]]:
    """The measurement period, where a definition has its own."""
    if definition.period is None:
        return []
    return [
        ("Measurement period", f"{say.capital(period_words(definition.period))} ({period_text(definition.period)})")
    ]


def _population(definition: r.Definition) -> str:
    if definition.population == "registered":
        return "everybody registered with the practice on the achievement date"
    if definition.population == "died in the year":
        return "everybody who died in the payment period while registered with the practice"
    return f"everybody on {definition.population}"


def _fields(definition: r.Definition) -> Iterator[Block]:
    if not definition.fields:
        return
    texts = definition.texts or {}
    rows = tuple(
        Row((name, say.capital(field_words(field, name)) + ".", texts.get(name, "")))
        for name, field in definition.fields.items()
    )
    columns = (Column("Field", 3), Column("In words", 7), Column("As the rules have it", 6))
    yield Table(f"Fields of {definition.code}", columns, rows)


def _rules(definition: r.Definition) -> Table:
    rows = []
    for rule in definition.rules:
        sides = []
        for action, counts in ((rule.then, rule.counts), (rule.otherwise, rule.else_counts)):
            counted = "" if action == "Next rule" or definition.is_register else f": {counts or r.NOT_ACHIEVED}"
            sides.append(f"{action}{counted}")
        rows.append(Row((str(rule.number), say.capital(condition_words(rule.condition)) + ".", rule.text, *sides)))
    columns = (
        Column("Rule", 1),
        Column("In words", 6),
        Column("As the rules have it", 5),
        Column("If true", 3),
        Column("If false", 3),
    )
    return Table(f"Rules of {definition.code}", columns, tuple(rows))


def _clusters(definition: r.Definition, known: Definitions, clusters: ClusterSet | None) -> Iterator[Block]:
    names = sorted({name for d in known.resting_on([definition.code]) for name in d.clusters()})
    if clusters is None:
        yield Para(f"Clusters: {listed(names)}.")
        return
    rows = []
    for name in names:
        held = clusters.clusters.get(name)
        count = f"{len(held.codes):,}" if held else "not in the set"
        rows.append(Row((name, count, held.sha256[:12] if held else "")))
    columns = (Column("Cluster", 4), Column("Codes", 2, True), Column("SHA-256 begins", 4))
    yield Table(f"Clusters as {clusters.name}, {clusters.release}, has them", columns, tuple(rows))
    if clusters.demonstration:
        yield Para(DEMONSTRATION, "reason")
