"""Files of registers and indicators: what a definition takes from its file, and what rests on what."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.core.problems import Refused
from remit.rules import model as r
from remit.rules.definitions import Definitions, read_definitions, registers_of, shipped

HEAD = """
cluster_groups: {FRAIL: [MILD_COD, MOD_COD]}
fields:
  DM_DAT: earliest DM_COD
  DMRES_DAT: latest DMRES_COD where date > DM_DAT
  OTHER_DAT: latest OTHER_COD
definitions:
"""
DM = """
  - register: DM_REG
    title: Diabetes
    population: registered
    rules: [{rule: 1, if: DM_DAT <> Null and DMRES_DAT = Null, then: Select, else: Reject}]
"""
SELECT = "rules: [{rule: 1, if: PAT_AGE >= 0, then: Select, else: Select}]"


def read(tmp_path: Path, *parts: str, beside: Definitions | None = None) -> Definitions:
    path = tmp_path / "rules.yaml"
    path.write_text("\n".join([HEAD, *parts]), encoding="utf-8")
    return read_definitions([path], beside)


def indicator(code: str, more: str = "", population: str = "DM_REG", rules: str = SELECT) -> str:
    return f"  - indicator: {code}\n    title: T\n    population: {population}\n    {more}\n    {rules}\n"


def test_a_definition_takes_the_fields_that_it_rests_on(tmp_path: Path) -> None:
    known = read(tmp_path, DM)
    assert list(known.registers["DM_REG"].fields) == ["DM_DAT", "DMRES_DAT"]
    assert known.registers["DM_REG"].clusters() == {"DM_COD", "DMRES_COD"}


def test_its_own_field_stands_before_the_files(tmp_path: Path) -> None:
    known = read(tmp_path, DM, indicator("T1", "fields: {DM_DAT: latest DM_COD}"))
    assert known.indicators["T1"].fields["DM_DAT"] == r.Pick("latest", ("DM_COD",))
    assert known.registers["DM_REG"].fields["DM_DAT"] == r.Pick("earliest", ("DM_COD",))


def test_parts_keep_their_fields(tmp_path: Path) -> None:
    rules = "rules: [{rule: 1, if: all of CARE, then: Select, else: Select}]"
    known = read(tmp_path, DM, indicator("T1", "parts: {CARE: {one: OTHER_DAT <> Null}}", rules=rules))
    assert set(known.indicators["T1"].fields) == {"OTHER_DAT"}


@pytest.mark.parametrize(
    ("text", "clusters"),
    [
        ("latest FRAIL", ("MILD_COD", "MOD_COD")),
        ("count clusters of FRAIL or SEV_COD or MOD_COD", ("MILD_COD", "MOD_COD", "SEV_COD")),
        ("highest value of FRAIL on DM_DAT", ("MILD_COD", "MOD_COD")),
    ],
)
def test_a_group_stands_for_its_clusters(tmp_path: Path, text: str, clusters: tuple[str, ...]) -> None:
    known = read(tmp_path, DM, indicator("T1", f"fields: {{X_DAT: {text}}}"))
    field = known.indicators["T1"].fields["X_DAT"]
    assert isinstance(field, r.Pick | r.Tally | r.Value)
    assert field.clusters == clusters


def test_a_group_stands_for_its_clusters_beside_a_record_too(tmp_path: Path) -> None:
    known = read(tmp_path, DM, indicator("T1", "fields: {X_DAT: latest A_COD where (any FRAIL where date = X_DAT)}"))
    assert known.indicators["T1"].clusters() == {"A_COD", "MILD_COD", "MOD_COD"}


def test_what_a_definition_needs_is_what_its_registers_need_too(tmp_path: Path) -> None:
    second = (
        "  - register: D2_REG\n    title: T\n    population: DM_REG\n    fields: {T2_DAT: latest T2_COD}\n    " + SELECT
    )
    known = read(tmp_path, DM, second, indicator("T1", "fields: {X_DAT: latest X_COD where on D2_REG}"))
    assert registers_of(known.indicators["T1"]) == {"DM_REG", "D2_REG"}
    assert known.needed_clusters(["T1"]) == {"DM_COD", "DMRES_COD", "T2_COD", "X_COD"}
    assert {one.code for one in known.resting_on(["T1"])} == {"T1", "DM_REG", "D2_REG"}


def test_a_file_of_ones_own_adds_and_replaces(tmp_path: Path) -> None:
    own = read(tmp_path, DM, indicator("HYP003", population="HYP_REG"), beside=shipped())
    assert len(own.indicators["HYP003"].rules) == 1
    assert len(shipped().indicators["HYP003"].rules) == 9
    assert own.registers["HYP_REG"] == shipped().registers["HYP_REG"]
    assert own.registers["DM_REG"] != shipped().registers["DM_REG"]


def test_whom_a_definition_starts_from_below_its_registers(tmp_path: Path) -> None:
    known = read(tmp_path, DM, indicator("T1"), indicator("T2", population="died in the year"))
    assert [known.root(known.indicators[code]) for code in ("T1", "T2")] == ["registered", "died in the year"]


def test_the_dead_are_not_asked_for_a_register_of_the_living(tmp_path: Path) -> None:
    rules = "rules: [{rule: 1, if: on DM_REG, then: Select, else: Select}]"
    with pytest.raises(Refused, match="DM_REG starts from 'registered' and this from 'died in the year'"):
        read(tmp_path, DM, indicator("T1", population="died in the year", rules=rules))


def test_every_mistake_of_every_file_comes_at_once(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(HEAD + DM.replace("DM_REG", f"{name.upper()}_REG").replace("<>", "<<"))
    with pytest.raises(Refused) as caught:
        read_definitions([tmp_path / "one.yaml", tmp_path / "two.yaml"])
    assert [Path(str(p.place)).name.split(":")[0] for p in caught.value.problems] == ["one.yaml", "two.yaml"]
