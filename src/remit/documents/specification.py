"""An indicator as a search to build: who counts and who is left out in words, then clusters, fields and rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from remit.core import say
from remit.core.words import listed
from remit.documents.blocks import Block, Bullets, Column, Document, Facts, Heading, Para, Row, Table
from remit.documents.charts import Step, flow
from remit.documents.charts.palette import Tone
from remit.documents.indicator.cluster_table import cluster_table
from remit.documents.indicator.days import Days
from remit.documents.indicator.rule_words import RuleWords
from remit.documents.indicator.subjects import Subjects, register_words
from remit.documents.rules import DEMONSTRATION, as_read, own_period, rule_notes
from remit.evaluation.model import Dates
from remit.rules import model as r
from remit.rules.definitions import Definitions
from remit.rules.words import bounds_words, condition_words, field_words
from remit.terminology.clusters import ClusterSet


def specification(
    definition: r.Definition, known: Definitions, clusters: ClusterSet | None, dates: Dates | None, elsewhen: str = ""
) -> Document:
    """The page of one definition. `elsewhen` says of rules that they are of another year than the day."""
    title = f"{definition.code}: {definition.title}"
    blocks = tuple(spec_blocks(definition, known, clusters, dates, elsewhen))
    return Document(title, blocks, title, public=True)


def spec_blocks(
    definition: r.Definition, known: Definitions, clusters: ClusterSet | None, dates: Dates | None, elsewhen: str = ""
) -> Iterator[Block]:
    """Who counts, in words and as a flow chart; the clusters; the fields and rules in words beside the code."""
    text = known.texts[definition.code]
    words = _words(definition, known, clusters)
    yield Heading(1, f"{definition.code}: {definition.title}")
    yield Para(f"“{' '.join(text.words.split())}”" if text.words else _in_a_sentence(words, known), "lead")
    if definition.status != "complete":
        what = "The order of the rules is unverified" if "order" in definition.status else "The rules are inferred"
        checked = "they follow the published wording, and no published rule table was found to check them against."
        yield Para(f"{what}: {checked}", "reason")
    if elsewhen:
        yield Para(elsewhen, "reason")
    for value, codes in known.not_given([definition.code]):
        yield Para(
            f"Sources differ, and {listed(codes)} cannot be evaluated until one is given. {value.says()}", "reason"
        )
    yield Heading(2, "Who counts, and who is left out")
    yield from _who(words, known)
    if definition.rules:
        yield Heading(2, "Flow chart")
        yield from _flow(words, known)
    yield Heading(2, "Clusters")
    yield from _clusters(definition, known, clusters)
    source = known.sources.get(definition.source)
    facts = [
        ("What it is", "register" if definition.is_register else "indicator"),
        ("Version", definition.version or "not said"),
        ("Holds for", str(definition.years or "no year is said")),
        ("Source", f"{source.title}{f' ({source.address})' if source.address else ''}" if source else "not said"),
        *own_period(definition),
    ]
    if dates:
        facts.append(("Achievement date", say.day(dates.achievement)))
        facts.append(("Payment period", f"{say.day(dates.start)} to {say.day(dates.end)}"))
    yield Heading(2, "Version and source")
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
        yield Heading(2, f"Limit {name}")
        yield Para(say.capital(bounds_words(table)) + ".")
    yield from _below(definition, known, clusters)
    yield Heading(2, "Fields" if definition.fields else "Rules")
    yield from _fields(definition)
    for group, parts in definition.parts.items():
        rows = tuple(Row((name, say.capital(condition_words(condition)) + ".")) for name, condition in parts.items())
        yield Table(f"Parts of {group}, each with a rate of its own", (Column("Part", 3), Column("Met when", 9)), rows)
    if definition.rules:
        if definition.fields:
            yield Heading(2, "Rules")
        yield _rules(words)
        yield from rule_notes(definition, known)
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


def _words(definition: r.Definition, known: Definitions, clusters: ClusterSet | None) -> RuleWords:
    subjects = Subjects(definition, clusters)
    return RuleWords(known, subjects, Days(subjects))


def _in_a_sentence(words: RuleWords, known: Definitions) -> str:
    """Who is asked about, and what achieves: the first rule that does."""
    definition = words.subjects.definition
    who = _population(definition, known)
    achieves = [rule for rule in definition.rules if words.outcome(rule, True) in _COUNTED]
    if not achieves:
        return say.sentence(f"{who} {'are on the register' if definition.is_register else 'are counted'}")
    verb = "on the register" if definition.is_register else "achieved"
    return f"{say.capital(who)}: {verb} if {words.condition(achieves[0].condition)}."


_COUNTED = ("counted and achieved", "on the register")


def _population(definition: r.Definition, known: Definitions) -> str:
    if definition.population == "registered":
        return "everybody registered with the practice on the achievement date"
    if definition.population == "died in the year":
        return "everybody who died in the payment period while registered with the practice"
    return f"everybody on {register_words(known.registers[definition.population])} ({definition.population})"


def _who(words: RuleWords, known: Definitions) -> Iterator[Block]:
    """The population, what achieves, and a row for each rule that leaves somebody out."""
    definition = words.subjects.definition
    items = [f"Population: {_population(definition, known)}."]
    rows = []
    rest = ""
    for rule in definition.rules:
        for true in (True, False):
            outcome = words.outcome(rule, true)
            text = words.condition(rule.condition)
            if outcome in _COUNTED:
                start = "On the register" if definition.is_register else "Achieved"
                items.append(f"{start} if {text}." if true else f"{start}: everybody else.")
            elif outcome.startswith("not "):
                if true:
                    rows.append(Row((f"{rule.number}. If {text}", say.capital(outcome))))
                elif definition.is_register or rule.then != "Next rule":
                    items.append(f"{say.capital(outcome)}: everybody else.")
                else:
                    rows.append(Row((f"{rule.number}. Unless {text}", say.capital(outcome))))
            elif outcome.startswith("in the denominator"):
                rest = "Everybody else is in the denominator, and not achieved."
    yield Bullets((*items, *([rest] if rest else [])))
    if rows:
        columns = (Column("Rule", 8), Column("Then", 4))
        yield Table("Who is left out, and why", columns, tuple(rows))


def _flow(words: RuleWords, known: Definitions) -> Iterator[Block]:
    """The rules in their order as boxes, each with its outcomes at its side."""
    definition = words.subjects.definition
    steps = []
    for rule in definition.rules:
        yes, no = words.outcome(rule, True), words.outcome(rule, False)
        steps.append(Step(
            str(rule.number), say.capital(words.condition(rule.condition)) + "?",
            "" if yes == "go on" else say.capital(yes), "" if no == "go on" else say.capital(no),
            _tone(yes), _tone(no),
        ))  # fmt: skip
    last = definition.rules[-1]
    end = ""
    if "Next rule" in (last.then, last.otherwise):
        end = "On the register" if definition.is_register else "Counted and achieved"
    alt = f"Flow chart of {definition.code}: {len(steps)} rule{'s' if len(steps) > 1 else ''} in their order; the "
    yield from flow(say.capital(_population(definition, known)), steps, end, f"{alt}table of rules says the same.")


def _tone(outcome: str) -> Tone:
    if outcome in _COUNTED:
        return "good"
    return "poor" if outcome.startswith("in the denominator") else "quiet"


def _clusters(definition: r.Definition, known: Definitions, clusters: ClusterSet | None) -> Iterator[Block]:
    names = sorted(known.needed_clusters([definition.code]))
    if clusters is None:
        yield Para(f"Clusters: {listed(names)}.")
        return
    yield cluster_table(names, clusters)
    if clusters.demonstration:
        yield Para(DEMONSTRATION, "reason")


def _below(definition: r.Definition, known: Definitions, clusters: ClusterSet | None) -> Iterator[Block]:
    """The registers that the rules rest on, each with its own fields and rules."""
    chain = _populations(definition, known)
    for below in known.below(definition):
        yield Heading(2, f"{'Start from' if below.code in chain else 'Look up'} {below.code}: {below.title}")
        yield from as_read(below, known)
        yield from _fields(below)
        yield _rules(_words(below, known, clusters))


def _populations(definition: r.Definition, known: Definitions) -> set[str]:
    """The registers from which a definition starts, one below the other."""
    found = set()
    while definition.population in known.registers:
        found.add(definition.population)
        definition = known.registers[definition.population]
    return found


def _rules(words: RuleWords) -> Table:
    """The rules in words beside their code."""
    definition = words.subjects.definition
    rows = tuple(
        Row((f"{rule.number}. {words.sentence(rule)}", rule.text, *_sides(definition, rule)))
        for rule in definition.rules
    )
    columns = (
        Column("Rule in words", 7), Column("As the rules have it", 5), Column("If true", 3, kept=True),
        Column("If false", 3),
    )  # fmt: skip
    return Table(f"Rules of {definition.code}", columns, rows)


def _sides(definition: r.Definition, rule: r.Rule) -> Iterator[str]:
    for action, counts in ((rule.then, rule.counts), (rule.otherwise, rule.else_counts)):
        counted = "" if action == "Next rule" or definition.is_register else f": {counts or r.NOT_ACHIEVED}"
        yield f"{action}{counted}"


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
