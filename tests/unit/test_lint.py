"""Lint: one file for each rule, made from QIF 2024/25 by one change, and the rule that must say so."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest
from tests.bad_files.command import remit

from remit.core.problems import Problem
from remit.scheme import scheme_ids
from remit.scheme.lint import RULES, lint
from remit.scheme.loader import build, find, read_with_bases
from remit.scheme.source import parse_source

QIF = (Path(str(resources.files("remit"))) / "library" / "schemes" / "qif-2024-25.yaml").read_text(encoding="utf-8")
LOCAL = Path(__file__).parents[2] / "examples" / "local-scheme" / "exampleshire-airways-2025-26.yaml"

TREATMENTS = LOCAL.parents[1] / "local-scheme-claims" / "exampleshire-treatments-2025-26.yaml"


def findings(text: str) -> list[Problem]:
    source = parse_source(text, "qif.yaml")
    return lint(build(source), source)


def rules(text: str) -> set[str]:
    return {finding.code for finding in findings(text)}


def test_qif_uses_both_operators_at_its_gates_bounds() -> None:
    half, three_quarters = [finding for finding in findings(QIF) if finding.code == "lint.mixed-operators"]
    assert "1a has >0.5% and 1b has >=0.5%. Right if the source prints both: " in half.message
    assert "1a has >0.75% and 1b has >=0.75%. Right if the source prints both: " in three_quarters.message
    assert "0.75% earns 8p in 1a and table 1 (from 0.75%) in 1b" in three_quarters.message
    assert "0.50% earns nothing in 1a and table 2 (from 0.5% below 0.75%) in 1b" in half.message
    assert half.severity == "warning"
    assert half.place
    line = QIF.splitlines()[half.place.line - 1]
    assert line.strip().startswith("- when: from 0.75%")


@pytest.mark.parametrize(
    ("before", "after", "rule", "words"),
    [
        ("above 0.75% pays 15p]", "from 0.75% pays 15p]", "lint.words-differ", "but the words beside it have >0.75%"),
        ("above 35% pays 10p", "above 36% pays 10p", "lint.words-differ", "but 36% is not in the words beside it"),
        ("when: from 0.75%", "when: above 0.75%", "lint.words-differ", "but the words beside it have >=0.75%"),
        ('"£297,890"', '"£297,894"', "lint.budget-differs", "141853 × £2.10 is £297891.30"),
        ("source: qif-2024-25\n", "", "lint.no-source", "numbers name no source"),
        ("due: balance_due", "due: 2025-07-31", "lint.unused-parameter", "nothing uses the parameter 'balance_due'"),
        ("sources:\n", "sources:\n  spare: {title: Spare}\n", "lint.unused-source", "nothing names the source 'spare'"),
        (
            "\nitems:\n",
            "\nindicators: [{indicator: MINE, title: Mine, type: process, group: HYP}]\n\nitems:\n",
            "lint.unused-indicator",
            "no item pays on the indicator 'MINE'",
        ),
    ],
)
def test_one_change_and_the_rule_that_sees_it(before: str, after: str, rule: str, words: str) -> None:
    changed = QIF.replace(before, after, 1)
    if before == "when: from 0.75%":
        changed = changed.replace("from 0.5% below 0.75%", "from 0.5% to 0.75%")
    assert changed != QIF
    new = [finding for finding in findings(changed) if finding.code not in rules(QIF)]
    assert {finding.code for finding in new} == {rule}
    assert words in new[0].message


def test_a_budget_within_two_pounds_is_rounding() -> None:
    # 141,853 × £2.10 is £297,891.30: £297,889.30 is £2.00 below it.
    assert "lint.budget-differs" not in rules(QIF.replace('"£297,890"', '"£297,889.30"'))
    assert "lint.budget-differs" in rules(QIF.replace('"£297,890"', '"£297,889.29"'))


def test_label_points_and_pence() -> None:
    # 15p for 5 points are 3p a point in 1a; 17p for 5 are 3.4p in 2a, the most.
    said = next(finding for finding in findings(QIF) if finding.code == "lint.labels-not-proportional").message
    assert said.startswith("a label point stands for 3p in 1a and 3.4p in 2a")


def test_a_prevalence_over_a_limited_list_needs_that_list() -> None:
    notes = [finding.message for finding in findings(QIF) if finding.code == "lint.needs-list-size"]
    assert notes == ["item 6 is a prevalence over people aged 18 and over: the counts must give LIST_SIZE."]


def test_what_is_paid_by_patient_and_quarter_is_a_level() -> None:
    text = TREATMENTS.read_text(encoding="utf-8")
    assert "lint.no-level" not in rules(text)
    (found,) = [one for one in findings(text.replace("levels: [A, B]", "levels: [A]")) if one.code == "lint.no-level"]
    assert found.message.startswith("item B is for each patient and quarter, but claims.levels does not name it")
    assert found.severity == "warning"


def test_what_a_run_must_be_told() -> None:
    asked = [finding.message.split("'")[1] for finding in findings(QIF) if finding.code == "lint.required-parameter"]
    assert asked == ["chol004_from", "notified", "balance_due", "evidence_reviewed", "joiners", "leavers", "mergers"]


def test_what_a_base_defines_may_stay_unused_in_what_is_laid_over_it(tmp_path: Path) -> None:
    path = tmp_path / "over.yaml"
    path.write_text(
        'scheme: over\nextends: qif-2024-25\nversion: "1"\ntitle: Over\ntotals: {items: 7}\nremoved: ["5"]\n',
        encoding="utf-8",
    )
    source = read_with_bases(path)
    found = lint(build(source), source)
    assert not [finding for finding in found if finding.code.startswith("lint.unused")]


def test_a_balance_before_the_last_instalment_is_asked_about() -> None:
    found = findings(QIF.replace("due: balance_due", "due: 2025-01-31"))
    assert any("before the last instalment" in one.message for one in found if one.code == "lint.settled-before-paid")


def test_every_rule_is_seen_in_a_test_or_in_the_library() -> None:
    shipped = set()
    for name in scheme_ids():
        source = read_with_bases(find(name))
        shipped |= {finding.code for finding in lint(build(source), source)}
    tried = {
        *(
            "lint.words-differ",
            "lint.budget-differs",
            "lint.no-source",
            "lint.unused-parameter",
            "lint.unused-source",
            "lint.unused-indicator",
            "lint.settled-before-paid",
        ),
        "lint.no-level",
        *("lint.of-another-year", "lint.anothers-source"),  # tests/kinds/test_overlays.py
        "lint.none-of-readings",  # tests/kinds/test_readings.py
        "lint.payment-period-open",
        "lint.repaid-not-advanced",  # tests/spec/test_14_conditions.py
        "lint.limits-at-odds",  # tests/kinds/test_new_keys_together.py
        "lint.paid-twice",  # tests/kinds/test_paid_once.py
        *("lint.reform-over-limit", "lint.reform-extent", "lint.reform-simulated"),  # tests/unit/test_reform_file.py
    }
    assert shipped | tried == set(RULES)


# the command


def test_check_ends_well_on_warnings_and_badly_with_strict() -> None:
    said = remit("check", "qif-2024-25", "qif-plus-2024-25", "--no-notes")
    assert (said.status, said.err) == (0, "")
    assert said.out.splitlines()[-1] == "2 files checked: no errors, 3 warnings"
    assert "[lint.mixed-operators]" in said.out
    assert remit("check", "qif-2024-25", "--strict").status == 1
    left = ("--ignore", "lint.mixed-operators", "--ignore", "lint.labels-not-proportional")
    assert remit("check", "qif-2024-25", "--strict", *left).status == 0


def test_check_reports_the_errors_of_all_files(tmp_path: Path) -> None:
    for name, before, after in (
        ("one", "measure: prevalence", "mesure: prevalence"),
        ("two", "share: 80%", "share: 80"),
    ):
        (tmp_path / f"{name}.yaml").write_text(QIF.replace(before, after, 1), encoding="utf-8")
    (tmp_path / "groups.yml").write_text("groups: [{group: A, title: A, list: whole, source: nix}]\n", encoding="utf-8")
    said = remit("check", tmp_path, tmp_path / "none.yaml", LOCAL)
    assert said.status == 1
    assert "unknown key 'mesure'. Did you mean measure" in said.err
    assert "expected a percentage of 0% to 100%, such as 37.5%, found '80'" in said.err
    assert "the source 'nix' is not among the file's sources" in said.err
    assert "none.yaml: there is no such scheme file" in said.err
    assert said.out.splitlines()[-1].startswith("5 files checked: 4 errors")


def test_check_knows_indicator_files_by_their_keys() -> None:
    folder = find("qif-2024-25").parents[1] / "indicators"
    said = remit("check", folder)
    assert (said.status, said.err) == (0, "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("indicators: [{indicator: A, title: A, type: process, group: NONE}]", "the group 'NONE' is not known"),
        ("groups: [{group: A, title: A, list: whole}, {group: A, title: A, list: whole}]", "group A is defined twice"),
        ("groups: [{group: A, title: A}]", "the key 'list' is missing"),
    ],
)
def test_check_on_a_broken_indicator_file(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "indicators.yaml").write_text(text, encoding="utf-8")
    said = remit("check", tmp_path / "indicators.yaml")
    assert said.status == 1
    assert words in said.err


def test_check_says_which_rules_there_are() -> None:
    said = remit("check", "--rules")
    assert [line.split()[0] for line in said.out.splitlines()[2:] if not line.startswith(" ")] == list(RULES)
    unknown = remit("check", "qif-2024-25", "--ignore", "lint.mixed-operator")
    assert (unknown.status, "Did you mean lint.mixed-operators" in unknown.err) == (1, True)
