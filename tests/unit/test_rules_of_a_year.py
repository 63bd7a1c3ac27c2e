"""Rules that a year changes stand in its edition, and a value that sources state differently must be given."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from remit.application.plan import PlanRequest, plan
from remit.application.spec import SpecRequest, spec
from remit.core.dates import SchemeYear
from remit.core.problems import Refused
from remit.documents.render.terminal import plain_text
from remit.documents.specification import specification
from remit.evaluation.years import check_given
from remit.rules.definitions import Definitions, all_that_ship, read_definitions, shipped

Y2025, Y2026 = SchemeYear(2025), SchemeYear(2026)
NEW = [
    "HYP010", "HYP011", "CD001", "CD002", "HF009", "DM037", "NDH003", "AST014", "AST015", "OB004", "OB005",
]  # fmt: skip
CHANGED = ["AF006", "AF008", "STIA007", "DM006", "COPD010", "SMOK002"]
GIVEN = "given: {DM036_OLDEST: 79, NDH_GESTATIONAL_FROM: 18}\n"


def with_file(folder: Path, text: str) -> Definitions:
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return read_definitions([path], all_that_ship())


def refusal(refused: Refused) -> str:
    return "\n".join(f"{one.code}: {one.message} {one.hint}" for one in refused.problems)


def test_a_year_with_an_edition_has_its_own_rules_and_every_other_year_those_that_were() -> None:
    before, after = shipped().of(Y2025), shipped().of(Y2026)
    assert before.indicators == shipped().indicators
    assert before.registers == shipped().registers
    assert {*NEW, "DM034", "DM036", "MH012"} == after.indicators.keys() - before.indicators.keys()
    for code in CHANGED:
        assert (before.indicators[code].version, before.indicators[code].years) == (
            shipped().indicators[code].version, shipped().indicators[code].years,
        )  # fmt: skip
        assert str(after.indicators[code].years) == "2026-27"
    assert "PAT_AGE >= 6" in before.registers["AST_REG"].rules[0].text
    assert "PAT_AGE >= 5" in after.registers["AST_REG"].rules[0].text
    untouched = shipped().indicators.keys() - {*CHANGED}
    assert all(after.indicators[code] == shipped().indicators[code] for code in untouched)


def test_whatever_a_rule_of_the_edition_rests_on_says_that_it_holds_in_the_year() -> None:
    every = shipped().of(Y2026)
    of_edition = [code for code, one in every.indicators.items() if one.years is not None and Y2026 in one.years]
    assert {*NEW, *CHANGED} <= set(of_edition)
    for definition in every.resting_on(of_edition):
        assert definition.years is not None, definition.code
        assert Y2026 in definition.years, definition.code


def test_every_rule_of_the_edition_says_its_source_and_how_it_was_read() -> None:
    every = shipped().of(Y2026)
    own = [
        one for one in (*every.indicators.values(), *every.registers.values()) if one.years and one.years.first == Y2026
    ]
    assert len(own) > 25
    for definition in own:
        assert definition.status != "complete", definition.code
        assert definition.source in every.sources, definition.code
        assert every.texts[definition.code].note, definition.code


def test_a_code_is_found_in_the_edition_that_has_it() -> None:
    assert spec(SpecRequest("HYP010")).definition.code == "HYP010"
    assert spec(SpecRequest("AF006")).definition.version == "2024-25"
    assert spec(SpecRequest("AF006", date(2027, 3, 31))).definition.version == "v51"
    assert spec(SpecRequest("AST_REG", date(2026, 3, 31))).definition.version == "v50"


def test_nothing_is_evaluated_by_a_value_that_nobody_gave() -> None:
    every = shipped().of(Y2026)
    with pytest.raises(Refused) as refused:
        check_given(every, ["DM036", "NDH003", "HYP010"])
    said = refusal(refused.value)
    assert len(refused.value.problems) == 2
    assert "evaluation.value-to-give: DM036 cannot be decided: DM036_OLDEST is the oldest age" in said
    assert "70 (" in said
    assert "79 (NICE IND249" in said
    assert "Look it up in NHS England's QOF guidance 2026/27" in said
    assert "NDH_REG cannot be decided" in said
    assert "'given: {NDH_GESTATIONAL_FROM: 0}' or 'given: {NDH_GESTATIONAL_FROM: 18}'" in said
    check_given(every, ["HYP010", "OB005"])
    check_given(shipped(), shipped().indicators)
    with pytest.raises(Refused, match="DM036_OLDEST"):
        plan(PlanRequest("qof-england-2026-27", rules_of=(SchemeYear(2024),)))


def test_what_is_given_stands_in_the_rules_and_their_words(tmp_path: Path) -> None:
    known = with_file(tmp_path, GIVEN).of(Y2026)
    check_given(known, known.indicators)
    assert known.indicators["DM036"].rules[0].text == "PAT_AGE > 79"
    assert "PAT_AGE >= 18)" in known.registers["NDH_REG"].rules[0].text
    one, other = (with_file(tmp_path, GIVEN.replace("79", age)).of(Y2026) for age in ("79", "70"))
    assert one.meaning_of(one.indicators["DM036"]) != other.meaning_of(other.indicators["DM036"])
    shown = spec(SpecRequest("DM036", date(2027, 3, 31), rules=(tmp_path / "own.yaml",)))
    text = plain_text(specification(shown.definition, shown.known, None, shown.dates).blocks, 80)
    assert "If the patient is over 70" in " ".join(text.split())
    open_ = spec(SpecRequest("DM036", date(2027, 3, 31)))
    text = " ".join(plain_text(specification(open_.definition, open_.known, None, open_.dates).blocks, 80).split())
    assert "Sources differ, and DM036 cannot be evaluated until one is given." in text


def test_values_that_are_given_stand_beside_rules_of_ones_own_in_their_year_alone(tmp_path: Path) -> None:
    own = GIVEN + (
        "definitions:\n  - register: LOCAL_REG\n    years: 2026-27\n    title: A local register\n"
        "    population: CD_REG\n    rules: [{rule: 1, if: PAT_AGE >= 65, then: Select, else: Reject}]\n"
    )
    known = with_file(tmp_path, own)
    assert known.of(Y2026).registers["LOCAL_REG"].population == "CD_REG"
    with pytest.raises(Refused, match="CD_REG"):
        known.of(Y2025)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("given: {DM036_OLDST: 79}\n", "rules.given-unknown", "no rule asks for a value 'DM036_OLDST'"),
        ("given: {DM036_OLDEST: seventy}\n", "rules.given-no-number", "expected a number, found 'seventy'"),
        ("sources: {}\n", "rules.no-definition", "definitions: expected at least one."),
    ],
)
def test_what_is_wrong_with_a_file_of_values(tmp_path: Path, text: str, code: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        with_file(tmp_path, text).of(Y2026)
    assert code in refusal(refused.value)
    assert words in refusal(refused.value)
