"""Kind: a rule that says other than a published source, or that can be read in two ways, without a word.

Each row of the second reading has a rule or a definition whose note says how it was read; whatever a note says is
printed by `spec`, by `explain` and, in short, by `evaluate`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.bad_files.command import remit

from remit.documents.blocks import Block, Bullets, Fold, Para
from remit.documents.explanation import explanation_blocks
from remit.documents.rules import inferred_rules
from remit.documents.specification import spec_blocks
from remit.evaluation.explain import explain
from remit.evaluation.model import Dates, Meaning
from remit.evaluation.plan import members
from remit.evaluation.reference import PatientChart
from remit.records.model import Patient, Registration
from remit.rules.definitions import read_definitions, shipped
from remit.terminology.sets import demonstration

KNOWN = shipped()
DATES = Dates(date(2025, 3, 31), date(2024, 4, 1), date(2025, 3, 31))
SOMEBODY = Patient("1", "A1", date(1960, 5, 1), "F", None, (Registration("A1", date(2010, 1, 1)),), ())

# The rows of the second reading: the definition, the rule (None: the definition's own note), a word of its note, and
# the standing of the rule.
ROWS = [
    (1, "CHOL004", 7, "later than the latest test", "inferred"),
    (2, "CHOL003", 1, "Two sources agree", "verified"),
    (2, "CHOL004", 1, "One source", "inferred"),
    (3, "CHOL003", 2, "people with diabetes stay in", "inferred"),
    (4, "CHOL004", 4, "12 months", "inferred"),
    (4, "CHOL004", 6, "12 months", "inferred"),
    (4, "CHOL004", 8, "New on the register", "inferred"),
    (5, "AF008", 1, "before 1 April 2015", "inferred"),
    (5, "AF008", 2, "With a mechanical valve a vitamin K antagonist", "inferred"),
    (6, "AST007", 1, "the plan on its day", "verified"),
    (7, "DM8CP-TYPE1", 1, "only a clinic blood pressure", "inferred"),
    (7, "DM8CP-TYPE2", 1, "only a clinic blood pressure", "inferred"),
    (8, "CHOL003", 8, "Each of the five", None),
    (9, "SMOK002", 6, "hides no new one", "inferred"),
    (9, "SMOK005", 6, "hides no new one", "inferred"),
    (11, "CHOL002", None, "without a unit is read in mmol/L", None),
    (11, "CHOL004", None, "without a unit is: it is read in mmol/L", None),
    (11, "DM020", None, "without a unit is: it is read in mmol/mol", None),
    (11, "DM021", None, "it is read in mmol/mol", None),
    (12, "OBES_REG", 1, "OBES_LATEST_REG", "inferred"),
]
# What the sources leave open, and where it is said.
OPEN = [
    ("DM012", "The wording asks for both"),
    ("SMOK004", "read as either"),
    ("COPD_REG", "COPD_SPIR_REG"),
    ("COPD_SPIR_REG", "Rule 4 is read by the wording"),
    ("HF007", "Whether any medication review"),
    ("NDH_REG", "diagnosed with diabetes in this year"),
    ("AFIB_REG", "on the day of the latest diagnosis"),
    ("AST_REG", "on the day of the latest diagnosis"),
    ("DM_REG", "of the same day"),
    ("HF1_REG", "on the day of the latest diagnosis"),
    ("CKD_REG", "of the same"),
    ("HYP_REG", "of the same day"),
    ("SMOK002", "never-smoker"),
]


def note_of(code: str, rule: int | None) -> tuple[str, str | None]:
    text = KNOWN.texts[code]
    if rule is None:
        return " ".join(text.note.split()), text.standing
    (one,) = (each for each in text.rules if each.rule == rule)
    return " ".join(one.note.split()), one.standing


def unfolded(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        yield from unfolded(block.blocks) if isinstance(block, Fold) else [block]


def printed(folded: list[Block]) -> str:
    blocks = list(unfolded(folded))
    said = [block.text for block in blocks if isinstance(block, Para)]
    said += [str(line) for block in blocks if isinstance(block, Bullets) for line in block.items]
    return " ".join(" ".join(said).split())


@pytest.mark.parametrize(("row", "code", "rule", "word", "standing"), ROWS)
def test_each_row_of_the_second_reading_says_how_it_was_read(
    row: int, code: str, rule: int | None, word: str, standing: str | None
) -> None:
    note, found = note_of(code, rule)
    assert word in note
    assert found == standing


@pytest.mark.parametrize(("code", "word"), OPEN)
def test_what_the_sources_leave_open_is_said(code: str, word: str) -> None:
    assert word in note_of(code, None)[0]


@pytest.mark.parametrize("code", sorted(KNOWN.texts))
def test_spec_and_explain_print_every_note(code: str) -> None:
    definition, text = KNOWN.find(code), KNOWN.texts[code]
    assert definition is not None
    notes = [" ".join(note.split()) for note in (text.note, *(rule.note for rule in text.rules)) if note]
    spec = printed(list(spec_blocks(definition, KNOWN, None, DATES)))
    held = demonstration()
    codes = {name: held.codes_of(name) for name in KNOWN.needed_clusters([code])}
    made = explain(PatientChart(SOMEBODY, Meaning(DATES, codes, KNOWN.registers)), definition)
    explained = printed(list(explanation_blocks(made, DATES, held, "A1", KNOWN)))
    assert [note for note in notes if note not in spec or note not in explained] == []


def test_a_rules_standing_and_source_are_printed_with_its_note() -> None:
    spec = printed(list(spec_blocks(KNOWN.indicators["CHOL004"], KNOWN, None, DATES)))
    assert (
        "Rule 7 (inferred, Suvera, QOF business rules 24/25: 5 key updates your practice needs to know): As in" in spec
    )
    assert (
        "Rule 3 (inferred, Suvera, QOF business rules 24/25: 5 key updates your practice needs to know): as its" in spec
    )


def test_evaluate_names_the_indicators_that_rest_on_an_inferred_rule() -> None:
    of = {code: KNOWN.indicators[code] for code in ("HYP008", "CHOL004", "AST007", "SMOK002")}
    assert inferred_rules(of.values(), KNOWN).startswith("Single rules of CHOL004 and SMOK002 are inferred")
    assert inferred_rules([of["HYP008"]], KNOWN) == ""


def test_it_names_a_register_that_an_item_counts() -> None:
    """OB005 counts the obesity register: as an indicator it has no rules of its own."""
    register = KNOWN.registers["OBES_REG"]
    assert "Single rules of OBES_REG are inferred" in inferred_rules([members("OB", register)], KNOWN)


def test_the_last_day_on_a_list_is_said_by_every_spec() -> None:
    assert "The first and the last day on a practice's list both count" in remit("spec", "HYP008").out


def test_a_source_of_a_rule_that_the_file_does_not_have_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "local.yaml"
    path.write_text(
        "definitions:\n"
        "  - register: OWN_REG\n    title: Own\n    population: registered\n    rules:\n"
        "      - {rule: 1, if: PAT_AGE > 40, then: Select, else: Reject, source: nowhere, standing: inferred}\n"
    )
    found = remit("spec", "OWN_REG", "--rules", str(path))
    assert found.status == 1
    assert "the file has no source 'nowhere'" in found.err


def test_the_other_reading_of_a_register_is_counted_by_a_file_of_ones_own(tmp_path: Path) -> None:
    """OBES_REG by the latest index alone, as the note of OBES_LATEST_REG says."""
    path = tmp_path / "latest.yaml"
    path.write_text(
        "definitions:\n"
        "  - register: OBES_REG\n    version: 2024-25\n    title: Obesity register\n    group: OB\n"
        "    population: OBES_LATEST_REG\n"
        "    rules: [{rule: 1, if: PAT_AGE >= 18, then: Select, else: Reject}]\n"
    )
    known = read_definitions([path], shipped())
    assert known.registers["OBES_REG"].population == "OBES_LATEST_REG"
    assert known.registers["OBES_REG"].group == "OB"
