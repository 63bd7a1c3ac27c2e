"""The published rule tables against the shipped rules, line by line.

The column `rule` of reference/data/rule_tables.csv is parsed after substitutions that change no meaning: no "If", no
remarks, "and" and "or" in small letters, dates as 2025-03-31, the names of 2006. Such a line has the tree of the
shipped rule. The other lines are prose: they are listed here, each with the condition that stands for it.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from remit.rules import model as r
from remit.rules.definitions import shipped
from remit.rules.parse import Unclear, parse_condition

NAMES = {"REF_DAT": "PPED", "BP_SYS": "BPSYS_VAL", "BP_DIA": "BPDIA_VAL"}
"""Of the tables of 2006: the end of the year and the two halves of a reading."""

_BP = """BPLAT_DAT > (PPED - 12 months)
and ((BP_DAT = BPLAT_DAT and BPSYS_VAL <= {sys} and BPDIA_VAL <= {dia})
or (HBP_DAT = BPLAT_DAT and HBPSYS_VAL <= {home} and HBPDIA_VAL <= 85))"""
_HYP_INVITED = """(BP_DAT > (PPED - 12 months) and (BPSYS_VAL > {sys} or BPDIA_VAL > 90)
and HYPINVITE1_DAT > BP_DAT and HYPINVITE2_DAT <> Null)
or ((BP_DAT = Null or BP_DAT <= (PPED - 12 months)) and HYPINVITE2_DAT <> Null)"""
_DM_INVITED = """(IFCCHBA_DAT > (PPED - 12 months) and IFCCHBA_VAL > {value}
and DMINVITE1_DAT > IFCCHBA_DAT and DMINVITE2_DAT <> Null)
or ((IFCCHBA_DAT = Null or IFCCHBA_DAT <= (PPED - 12 months)) and DMINVITE2_DAT <> Null)"""
_FRAIL = "FRAILLAT_DAT = MODFRAIL_DAT or FRAILLAT_DAT = SEVFRAIL_DAT"
_INVITED = "HYPINVITE2_DAT <> Null and (BPLAT_DAT = Null or BPLAT_DAT < HYPINVITE1_DAT)"

PROSE: dict[tuple[str, int], str] = {
    ("HYP003", 7): _HYP_INVITED.format(sys=140),
    ("HYP007", 7): _HYP_INVITED.format(sys=150),
    ("HYP008", 2): _BP.format(sys=140, dia=90, home=135),
    ("HYP008", 5): "BPHBPDEC_DAT > (PPED - 12 months)",
    ("HYP008", 7): _INVITED,
    ("HYP009", 2): _BP.format(sys=150, dia=90, home=145),
    ("HYP009", 5): "BPHBPDEC_DAT > (PPED - 12 months)",
    ("HYP009", 7): _INVITED,
    ("DM020", 1): _FRAIL,
    ("DM020", 8): _DM_INVITED.format(value=58),
    ("DM021", 1): _FRAIL,
    ("DM021", 8): _DM_INVITED.format(value=75),
    ("DEP003", 3): "DEPRVW_DAT <> Null",
    ("DEP003", 6): "DEPRINVITE2_DAT <> Null",
    ("COPD_REG", 2): "EUNRESCOPD_DAT >= 2023-04-01 and (FEV1DIAG_DAT <> Null or L70DIAG_DAT <> Null)",
    ("COPD_REG", 3): "EUNRESCOPD_DAT >= 2023-04-01 and REG_DAT > (PPED - 12 months) "
    "and (FEV1REG_DAT <> Null or L70REG_DAT <> Null)",
    ("AFIB_REG", 1): "AFIBLAT_DAT <> Null and AFIBRES_DAT = Null",
    ("AST_REG", 1): "ASTLAT_DAT <> Null and ASTRES_DAT = Null and ASTTRT_DAT > (ACHV_DAT - 12 months) and PAT_AGE >= 6",
    ("CAN_REG", 1): "CANLAT_DAT >= 2003-04-01",
    ("CHD_REG", 1): "CHD_DAT <> Null",
    ("CKD_REG", 1): "PAT_AGE >= 18 and CKDLAT_DAT <> Null and CKD1AND2_DAT = Null and CKDRES_DAT = Null",
    ("DEM_REG", 1): "DEM_DAT <> Null",
    ("EPIL_REG", 1): "EPILLAT_DAT <> Null and EPILRES_DAT = Null and EPILTRT_DAT > (ACHV_DAT - 6 months) "
    "and PAT_AGE >= 18",
    ("HF1_REG", 1): "HFLAT_DAT <> Null and HFRES_DAT = Null",
    ("HYP_REG", 1): "HYPLAT_DAT <> Null and HYPRES_DAT = Null",
    ("LD_REG", 1): "LDLAT_DAT <> Null and LDREM_DAT = Null",
    ("MH1_REG", 1): "MH_DAT <> Null",
    ("NDH_REG", 1): "PAT_AGE >= 18 and NDH_DAT <> Null and (DMLAT_DAT = Null or DMRES_DAT <> Null)",
    ("OBES_REG", 1): "PAT_AGE >= 18 and (BMI30_DAT > (ACHV_DAT - 12 months) or BMI30COD_DAT > (ACHV_DAT - 12 months) "
    "or (ETH_DAT <> Null and BMI275_DAT > (ACHV_DAT - 12 months)))",
    ("OSTEO1_REG", 1): "PAT_AGE >= 50 and PAT_AGE < 75 and FF_DAT >= 2012-04-01 and OSTEO_DAT <> Null "
    "and DXA_DAT <> Null",
    ("OSTEO2_REG", 1): "PAT_AGE >= 75 and FF_DAT >= 2014-04-01 and OSTEO_DAT <> Null",
    ("PAD_REG", 1): "PAD_DAT <> Null",
    ("PALCARE_REG", 1): "PALCARE_DAT <> Null and PALCARENI_DAT = Null",
    ("RA_REG", 1): "RARTH_DAT <> Null and PAT_AGE >= 16",
    ("STIA_REG", 1): "STIA_DAT <> Null",
}
"""Lines in prose, and the condition that stands for each."""

SWAPPED = {("DM021", 1)}
"""Where the shipped condition is the opposite of the published one, and the actions change sides with it."""

Line = tuple[str, int, str, str, str]
"""A definition, the number of a rule, the published text, and the actions if true and if false."""


def published(shared: Path, numerators: bool) -> list[Line]:
    """The lines of the file; one that two registers share stands once for each."""
    found = []
    with (shared / "reference" / "data" / "rule_tables.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, strict=True):
            if row["ruleset"].startswith("numerator") == numerators:
                for code in re.sub(r"\(.*\)", "", row["object"]).split("/"):
                    actions = row["action_if_true"], row["action_if_false"]
                    found.append((code.strip(), int(row["rule_no"]), row["rule"], *actions))
    return found


def parsed(text: str) -> r.Condition | None:
    """A published line as a condition, None where it is prose."""
    text = re.sub(r"\[.*?\]", "", text.removeprefix("If "))
    text = re.sub(r"\((?=[a-z]).*?\)", "", text)
    text = re.sub(r"\bAND\b", "and", re.sub(r"\bOR\b", "or", text))
    text = re.sub(r"(\d\d)/(\d\d)/(\d{4})", r"\3-\2-\1", text)
    for old, new in NAMES.items():
        text = re.sub(rf"\b{old}\b", new, text)
    try:
        return parse_condition(" ".join(text.split()))
    except Unclear:
        return None


@pytest.fixture(scope="module")
def lines(shared: Path) -> list[Line]:
    return published(shared, numerators=False)


def test_every_line_has_the_tree_and_the_actions_of_the_shipped_rule(lines: list[Line]) -> None:
    known, unlike = shipped(), []
    for code, number, text, then, otherwise in lines:
        definition = known.find(code)
        assert definition is not None, f"no definition of {code} is shipped"
        rule = {rule.number: rule for rule in definition.rules}[number]
        condition = parsed(text)
        if condition is None:
            condition = parse_condition(" ".join(PROSE[code, number].split()))
        if rule.condition != condition:
            unlike.append(f"{code} rule {number}: published '{text}', shipped '{rule.text}'")
        actions = (rule.otherwise, rule.then) if (code, number) in SWAPPED else (rule.then, rule.otherwise)
        if actions != (then, otherwise):
            unlike.append(f"{code} rule {number}: published {then}, {otherwise}; shipped {actions}")
    assert unlike == []


def test_no_shipped_rule_of_a_published_table_is_missing_from_it(lines: list[Line]) -> None:
    known = shipped()
    for code in {line[0] for line in lines}:
        definition = known.find(code)
        assert definition is not None
        assert [rule.number for rule in definition.rules] == [line[1] for line in lines if line[0] == code], code


def test_prose_is_prose_and_in_the_file(lines: list[Line]) -> None:
    assert {(code, number) for code, number, text, *_ in lines if parsed(text) is None} == set(PROSE)


def test_the_numerator_is_the_rule_that_counts_as_achieved(shared: Path) -> None:
    known = shipped()
    rows = published(shared, numerators=True)
    assert len(rows) == 8
    for code, _, text, then, otherwise in rows:
        definition = known.indicators[code]
        achieved = [rule for rule in definition.rules if rule.counts == r.Counts("achieved")]
        condition = parsed(text)
        if condition is None:
            condition = parse_condition(PROSE[code, achieved[0].number])
        assert [rule.condition for rule in achieved] == [condition], code
        assert (then, otherwise) == ("Select", "Reject"), code


def test_most_lines_are_parsed_and_not_listed(shared: Path) -> None:
    every = published(shared, numerators=False) + published(shared, numerators=True)
    assert sum(parsed(line[2]) is not None for line in every) >= 77
