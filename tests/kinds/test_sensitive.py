"""A kind of fault: a list or an explanation of patients that tells of a death, of ReSPECT, of a decision about
resuscitation or of a learning disability without being asked to. One guard says what is sensitive."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.core.problems import Refused
from remit.rules.definitions import all_that_ship, read_definitions
from remit.rules.sensitive import check_sensitive, left_out_as_sensitive, why_sensitive

OWN = """
definitions:
  - indicator: {code}
    title: Ours
    group: OWN
    version: "1"
    population: {population}
    fields:
{fields}
    rules:
      - {{rule: 1, if: {condition}, then: Select, else: Select, counts: achieved}}
"""
CASES = {
    "deaths": ("died in the year", "      A_DAT: latest BP_COD", "A_DAT <> Null", "people who have died"),
    "resuscitation": ("registered", "      A_DAT: latest DNACPR_COD", "A_DAT <> Null", "DNACPR"),
    "respect": ("registered", "      A_DAT: latest RESPECT_COD", "A_DAT <> Null", "ReSPECT"),
    "the register as population": ("LD_REG", "      A_DAT: latest BP_COD", "A_DAT <> Null", "learning disability"),
    "the register in a rule": ("registered", "      A_DAT: latest BP_COD", "on LD_REG", "learning disability"),
    "nothing": ("registered", "      A_DAT: latest BP_COD", "A_DAT <> Null", ""),
    "another register": ("HYP_REG", "      A_DAT: latest BP_COD", "A_DAT <> Null", ""),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_sensitive(case: str, tmp_path: Path) -> None:
    population, fields, condition, about = CASES[case]
    file = tmp_path / "own.yaml"
    file.write_text(OWN.format(code="OWN1", population=population, fields=fields, condition=condition))
    known = read_definitions([file], all_that_ship())
    definition = known.indicators["OWN1"]
    assert about in why_sensitive(definition, known)
    assert bool(why_sensitive(definition, known)) == bool(about)
    assert bool(left_out_as_sensitive([definition], known, include_sensitive=False)) == bool(about)
    check_sensitive(definition, known, include_sensitive=True)
    if about:
        with pytest.raises(Refused, match="OWN1 is sensitive: it is about"):
            check_sensitive(definition, known, include_sensitive=False)
    else:
        check_sensitive(definition, known, include_sensitive=False)


def test_of_what_ships_deaths_and_the_register_of_learning_disability() -> None:
    known = all_that_ship()
    every = [*known.indicators.values(), *known.registers.values()]
    assert set(left_out_as_sensitive(every, known, include_sensitive=False)) == {"RESPECT-DEATHS", "LD_REG"}
    assert left_out_as_sensitive(every, known, include_sensitive=True) == {}
