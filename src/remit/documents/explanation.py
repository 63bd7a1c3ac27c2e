"""Why one patient was counted, or not: the answer first, then each rule in words, the values and the records behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from remit.core import say
from remit.documents.blocks import Block, Column, Document, Facts, Fold, Heading, Para, Row, Table
from remit.documents.indicator.answer import answer
from remit.documents.indicator.cluster_table import cluster_table
from remit.documents.indicator.days import Days
from remit.documents.indicator.reasons import Reasons
from remit.documents.indicator.rule_words import RuleWords
from remit.documents.indicator.subjects import register_words
from remit.documents.indicator.values_chart import value_charts
from remit.documents.rules import DEMONSTRATION, as_read, own_period
from remit.evaluation.explain import Explanation, Line
from remit.evaluation.model import Dates
from remit.records.model import UNKNOWN_DAY, Event
from remit.rules import model as r
from remit.rules.definitions import Definitions
from remit.terminology.clusters import ClusterSet
from remit.terminology.systems import shown


def explanation(
    explained: Explanation, dates: Dates, clusters: ClusterSet, practice: str, known: Definitions, elsewhen: str = ""
) -> Document:
    """The page of one patient under one definition. `elsewhen` says of rules that they are of another year."""
    title = f"{explained.definition.code} for patient {say.clean(explained.patient)}"
    blocks = tuple(explanation_blocks(explained, dates, clusters, practice, known, elsewhen))
    return Document(title, blocks, title, private=True)


def explanation_blocks(
    explained: Explanation, dates: Dates, clusters: ClusterSet, practice: str, known: Definitions, elsewhen: str = ""
) -> Iterator[Block]:
    """The answer, the rules in words, the values over time; folded, the code, the records and how it was worked out."""
    definition = explained.definition
    yield Heading(1, f"{definition.code} for patient {say.clean(explained.patient)}")
    yield Para(answer(explained, dates, known, clusters), "lead")
    yield Para(definition.title + ".")
    if clusters.demonstration:
        yield Para(DEMONSTRATION, "reason")
    if elsewhen:
        yield Para(elsewhen, "reason")
    reasons = Reasons(explained, known, clusters, dates.achievement)
    yield Heading(2, f"{definition.code}: the rules")
    if explained.outcome is None and explained.why and not definition.is_register:
        yield Para("The rules were not run, because the patient is not in the population.", "reason")
    yield from _rules(explained, reasons, known)
    yield from value_charts(explained, reasons.subjects)
    yield from _records(explained, reasons, clusters)
    below = {one.definition.code: one for one in reversed(list(_registers(explained)))}.values()
    for one in below:
        yield Heading(2, f"{one.definition.code}: {one.definition.title}")
        yield Para(answer(one, dates, known, clusters))
        own = Reasons(one, known, clusters, dates.achievement)
        yield Fold(
            f"The rules of {one.definition.code}",
            (*_rules(one, own, known), *_records(one, own, clusters), *as_read(one.definition, known)),
        )
    names = known.needed_clusters([definition.code])
    yield Fold(
        "How this was worked out",
        (
            Facts((
                ("Practice", practice),
                ("Achievement date", say.day(dates.achievement)),
                ("Payment period", f"{say.day(dates.start)} to {say.day(dates.end)}"),
                ("Rules", " ".join(filter(None, [definition.version, f"({definition.status})"]))),
                ("Hold for", str(definition.years or "no year is said")),
                *own_period(definition),
                ("Code clusters", f"{clusters.name}, {clusters.release}"),
            )),
            *as_read(definition, known),
            cluster_table(names, clusters, with_hash=False),
        ),
    )  # fmt: skip


def _registers(explained: Explanation) -> Iterator[Explanation]:
    for below in explained.registers:
        yield below
        yield from _registers(below)


def _rules(explained: Explanation, reasons: Reasons, known: Definitions) -> Iterator[Block]:
    """The rules in words with what each saw and whether it decided; folded, the same as code."""
    if not explained.lines:
        yield Para("There are no rules: everybody in the population is counted.")
        return
    words = RuleWords(known, reasons.subjects, Days(reasons.subjects, explained.days))
    rows = []
    for line, rule in zip(explained.lines, explained.definition.rules, strict=True):
        saw = "; ".join([*reasons.seen([name for name, _ in line.values]), *_on(line, known)]) if line.reached else ""
        rows.append(Row((f"{line.number}. {words.sentence(rule)}", say.capital(saw), _became(line, words, rule)),
                        "total" if line.decided else ""))  # fmt: skip
    columns = (
        Column("Rule", 7), Column("What it saw of the patient", 6),
        Column("So", 4, kept=True),
    )  # fmt: skip
    yield Table("In their order; the first that decides has ►", columns, tuple(rows))
    yield Fold("The rules as code", (_code(explained),))


def _on(line: Line, known: Definitions) -> Iterator[str]:
    """The registers that a rule asked after: `not on the diabetes register`."""
    for name, value in line.values:
        code = name.removeprefix("on ")
        if code != name and code in known.registers:
            yield f"{'' if value == 'yes' else 'not '}on {register_words(known.registers[code])}"


def _became(line: Line, words: RuleWords, rule: r.Rule) -> str:
    """What a rule came to: `► Decided: counted and achieved`."""
    if not line.reached:
        return "Not reached"
    if line.decided:
        return f"► {say.capital(words.outcome(rule, line.true))}"
    missed = not line.true and words.short(rule, True) in ("achieved", "on the register")
    return "Not met: went on" if missed else "Went on"


def _code(explained: Explanation) -> Table:
    """The rules as the file has them, with what each name in them came to."""
    rows = []
    for line in explained.lines:
        saw = "; ".join(f"{name} {value}" for name, value in line.values)
        so = f"{line.action}: {line.counts}" if line.counts else line.action
        so = f"► {so}" if line.decided else so
        was = ("true" if line.true else "false") if line.reached else "not reached"
        cells = (str(line.number), line.text, saw, was, so if line.reached else "")
        rows.append(Row(cells, "total" if line.decided else ""))
    columns = (Column("Rule", 1), Column("Condition", 8), Column("It saw", 5), Column("It was", 1.5),
               Column("So", 4, kept=True))  # fmt: skip
    return Table("Conditions as the rules have them", columns, tuple(rows))


def _records(explained: Explanation, reasons: Reasons, clusters: ClusterSet) -> Iterator[Block]:
    """The records behind the answer, and those of the same clusters that no rule sees."""
    records = list(dict.fromkeys([*explained.records, *reasons.records()]))
    if records:
        table = _record_table(
            "Records behind the answer",
            [(record.field, record.cluster, record.event, "") for record in records], "Field", "Says", clusters,
        )  # fmt: skip
        yield Fold("The records behind the answer", (table,))
    elif any(line.decided for line in explained.lines):
        yield Para("No coded record stands behind the answer: it rests on absence, age or registration.")
    if explained.unseen:
        table = _record_table(
            "Records of its clusters that the rule does not see",
            [("", record.cluster, record.event, record.why) for record in explained.unseen], "", "Why", clusters,
        )  # fmt: skip
        yield Fold("The records that the rule does not see, and why", (table,))


def _record_table(
    title: str, records: Sequence[tuple[str, str, Event, str]], first: str, last: str, clusters: ClusterSet
) -> Table:
    """Records, each with its field, its cluster and why it is shown; what is empty of all is no column."""
    columns = (Column(first, 3), Column("Date", 2), Column("Code", 3), Column("Term", 5), Column("Value", 2),
               Column("Cluster", 4), Column(last, 3))  # fmt: skip
    rows = [_record_cells(*record, clusters) for record in records]
    kept = [at for at in range(len(columns)) if any(row[at] for row in rows) or 0 < at < len(columns) - 1]
    return Table(title, tuple(columns[at] for at in kept), tuple(Row(tuple(row[at] for at in kept)) for row in rows))


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
