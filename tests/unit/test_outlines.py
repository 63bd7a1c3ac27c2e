"""The outlines of the rules that ship beside the rules themselves, read whole."""

from __future__ import annotations

import pytest

from remit.evaluation.plan import Plan, plan
from remit.rules.definitions import all_that_ship, registers_of
from remit.rules.outlines import outlines
from remit.scheme import load_scheme, scheme_ids
from remit.scheme.loader import load_scheme as load_plain

YEARS = sorted({load_plain(name).year for name in scheme_ids()} | set(all_that_ship().editions))


@pytest.mark.parametrize("year", YEARS, ids=str)
def test_an_outline_says_of_a_definition_what_its_rules_do(year: object) -> None:
    assert isinstance(year, type(YEARS[0]))
    whole, outline = all_that_ship().of(year), outlines(year)
    assert list(outline.registers) == list(whole.registers)
    assert list(outline.indicators) == list(whole.indicators)
    for one in (*whole.registers.values(), *whole.indicators.values()):
        drawn = outline.find(one.code)
        assert drawn is not None
        same = ("title", "population", "status", "source", "version", "is_register", "group", "years")
        assert [getattr(drawn, name) for name in same] == [getattr(one, name) for name in same]
        assert registers_of(drawn) == registers_of(one), one.code
        assert bool(drawn.rules) == bool(one.rules)


@pytest.mark.parametrize("name", scheme_ids())
def test_what_a_scheme_can_have_counted_is_the_same_by_the_outlines(name: str) -> None:
    scheme = load_scheme(name)
    assert _said(plan(scheme, outlines(scheme.year))) == _said(plan(scheme, all_that_ship()))


def _said(planned: Plan) -> object:
    """All that a plan says, with the codes of its definitions."""
    counted = [(one.subject, one.definition.code, one.measures, one.people) for one in planned.counted]
    elsewhen = {code: sorted(one.code for one in those) for code, those in planned.elsewhen.items()}
    return counted, planned.supplied, elsewhen
