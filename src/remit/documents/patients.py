"""Whom an indicator counts, excludes or excepts: how many by the rule that decided, and who they are.

The document has rows of patients, so it is private.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace

from remit.core import say
from remit.core.words import agreed, listed
from remit.disclosure.labels import ANOTHER, PCA_CATEGORIES
from remit.documents.blocks import Block, Column, Document, Heading, Para, Row, Table
from remit.documents.figures import count
from remit.documents.indicator.days import Days
from remit.documents.indicator.rule_words import RuleWords
from remit.documents.indicator.subjects import Subjects
from remit.evaluation.evaluator import DEMONSTRATION
from remit.files.tables import write_rows
from remit.worklist.patients_by_rule import DecidedPatients, Patients, RuleSide

COLUMNS = (
    "practice_code", "patient_id", "indicator_code", "category", "reason", "rule", "rule_holds", "rule_in_words",
    "decided_on",
)  # fmt: skip
PRIVATE = "For the practice only: do not send it on, and destroy copies after use."
_MOST = 5_000
"""How many rows of patients a page has at most; the CSV has all."""
_SHOWN = 20
CATEGORIES = {"achieved": "Achieved", "not_achieved": "Not achieved", "pca": "PCA", "exclusion": "Excluded"}
_ASKED = {
    "achieved": "achieved", "not_achieved": "not achieved", "pca": "PCA", "exclusion": "excluded",
    "numerator": "numerator", "denominator": "denominator", "population": "whole population",
}  # fmt: skip


def patients(made: Patients) -> Document:
    """The counts by rule, then the patients of each."""
    return _document(made, _MOST)


def patients_in_short(made: Patients) -> Document:
    """The same for the terminal: the counts, and the first patients of each rule."""
    return _document(made, None)


def outcomes_csv(made: Patients) -> bytes:
    """Every row, for a program to read."""
    into = io.StringIO()
    write_rows(into, [COLUMNS, *_csv_rows(made)])
    return into.getvalue().encode()


def _csv_rows(made: Patients) -> Iterator[Sequence[str]]:
    for one in made.decided:
        side = one.side
        last = (_holds(side), _words(made, one))
        for row in one.rows:
            day = row.day.isoformat() if row.day else ""
            yield made.practice, row.patient, row.code, row.category, _reason(side), str(row.rule), *last, day


def _document(made: Patients, most: int | None) -> Document:
    title = f"Patients of {made.practice}: {made.evaluation.scheme.title}, {say.day(made.evaluation.on)}"
    blocks = (Heading(1, title), *_blocks(made, most))
    return Document(title, blocks, foot=f"{made.practice}: for the practice only", wide=True, private=True)


def _blocks(made: Patients, most: int | None) -> Iterator[Block]:
    yield Para(_lead(made), "lead")
    yield Para(PRIVATE)
    yield from _notes(made)
    if most is not None and made.total > most:
        yield Para(f"There are {made.total:,} rows of patients, too many for a page: the CSV has them all.", "reason")
    for code in dict.fromkeys(one.definition.code for one in made.decided):
        own = [one for one in made.decided if one.definition.code == code]
        yield Heading(2, f"{code}: {own[0].definition.title}")
        yield _by_rule(made, own)
        if most is None and made.wanted.indicators:
            yield from _first(made, own)
        elif most is not None and made.total <= most:
            yield _patients(made, own)


def _lead(made: Patients) -> str:
    asked = [_ASKED[one] for one in made.wanted.categories]
    of = f" under {listed(made.wanted.indicators)}" if made.wanted.indicators else ""
    what = f" ({', '.join(asked)})" if asked else ""
    if not made.total:
        return f"No patient of {made.practice}{of}{what} on {say.day(made.evaluation.on)}."
    people = agreed(f"{made.people:,} patient{{|s}} of {made.practice}", made.people)
    return f"{people}{of}{what} on {say.day(made.evaluation.on)}."


def _notes(made: Patients) -> Iterator[Para]:
    if made.evaluation.manifest.clusters.demonstration:
        yield Para(DEMONSTRATION, "reason")
    if made.left_out:
        what = listed([f"{code} (about {about})" for code, about in made.left_out.items()])
        yield Para(f"Left out, because sensitive indicators were not asked for: {what}.", "reason")


def _by_rule(made: Patients, own: Sequence[DecidedPatients]) -> Table:
    columns = (
        Column("Rule", 1),
        Column("Category", 3),
        Column("Patients", 1, True, True),
        Column("The rule in words", 8),
    )
    rows = [
        Row((_rule(one.side), _category(made, one), count(len(one.rows), f"{one.definition.code}/{_id(one.side)}"),
             _words(made, one)))
        for one in own
    ]  # fmt: skip
    return Table("How many, by the rule that decided", columns, tuple(rows))


def _patients(made: Patients, own: Sequence[DecidedPatients]) -> Table:
    dated = any(row.day for one in own for row in one.rows)
    columns = (
        Column("Patient", 3, kept=True), Column("Category", 4), Column("Rule", 2),
        *([Column("Decided on", 2)] if dated else ()),
    )  # fmt: skip
    rows = [
        Row((row.patient, category, rule, *([say.day(row.day) if row.day else ""] if dated else ())),
            facets=(("Category", category), ("Rule", rule)))
        for one in own
        for category, rule in [(_category(made, one), _rule(one.side))]
        for row in one.rows
    ]  # fmt: skip
    facets = ("Category", "Rule") if len(own) > 1 else ()
    return Table("Who they are", columns, tuple(rows), sortable=True, facets=facets)


def _first(made: Patients, own: Sequence[DecidedPatients]) -> Iterator[Block]:
    """The first patients, as many as fit on a screen."""
    left, some = _SHOWN, []
    for one in own:
        if left > 0:
            some.append(replace(one, rows=one.rows[:left]))
            left -= len(one.rows)
    if some:
        yield _patients(made, some)
    if more := sum(len(one.rows) for one in own) - sum(len(one.rows) for one in some):
        yield Para(f"… and {more:,} more.", "small")


def _rule(side: RuleSide) -> str:
    if side.rule is None:
        return "register"
    return f"{side.number}" if side.branch else f"{side.number}, not met"


def _id(side: RuleSide) -> str:
    return f"{side.number}/{'true' if side.branch else 'false'}"


def _holds(side: RuleSide) -> str:
    return "" if side.rule is None else "yes" if side.branch else "no"


def _words(made: Patients, one: DecidedPatients) -> str:
    """The rule in the words that `explain` has for it."""
    if one.side.rule is None:
        return "On the register."
    words = _rules(made, one).condition(one.side.rule.condition)
    if one.side.branch:
        return say.sentence(words)
    first = one.definition.rules[0] == one.side.rule
    return say.sentence(f"{'it is' if first else 'no earlier rule applies, and it is'} not so that {words}")


def _category(made: Patients, one: DecidedPatients) -> str:
    """`PCA, patient chose not to`."""
    side = one.side
    if side.rule is None or side.counts.category != "pca":
        return CATEGORIES[side.counts.category]
    return _rules(made, one).short(side.rule, side.branch)


def _rules(made: Patients, one: DecidedPatients) -> RuleWords:
    subjects = Subjects(one.definition)
    return RuleWords(made.known, subjects, Days(subjects))


def _reason(side: RuleSide) -> str:
    """Of a PCA its category in words; of an exclusion its published code."""
    if side.counts.category == "pca":
        return PCA_CATEGORIES.get(side.counts.pca_kind, ANOTHER)
    return side.counts.reason
