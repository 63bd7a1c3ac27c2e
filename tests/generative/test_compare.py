"""Whatever differs between two runs, the causes add up to the difference; and one kind of change moves one cause."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checked import checked
from tests.profiles import examples

from remit.comparison.compare import CAUSES, compare
from remit.core.figures import DECLARED, DENOMINATOR, LIST_SIZE, NUMERATOR, REGISTER, Figures
from remit.core.problems import Refused
from remit.organisation import Practice
from remit.pricing.evaluator import price
from remit.pricing.plan import plan_of
from remit.pricing.scenario import Scenario
from remit.pricing.weights import GIVEN, National
from remit.runs import Inputs, Run
from remit.scheme import Scheme, load_scheme
from remit.scheme.kinds import Linear
from remit.scheme.pays import PaysLinear
from remit.scheme.quantity import Quantity
from remit.scoring.figure_table import Counts

CODES = ("A1", "B2", "C3")
QOF_ITEMS = ("AF001", "AF006", "SMOK004", "CS002", "CS001")
SETTINGS = {
    "chol004_from": ["2024-12-05", "2025-04-01"],
    "joiners": ["whole months", "days", "nothing"],
    "leavers": ["full year", "days"],
    "mergers": ["successor"],
    "prevalence_list": ["group", "registered"],
}


def number(quantity: Quantity, value: str) -> Quantity:
    return replace(quantity, value=Fraction(value), text=value)


@cache
def variants() -> dict[str, Scheme]:
    """Two schemes, and each with something changed: its items, how one pays, its weights, the value of a point."""
    qif, qof = load_scheme("qif-2024-25"), load_scheme("qof-england-2018-19")
    qof = qof.model_copy(update={"items": tuple(i for i in qof.items if i.item in QOF_ITEMS)})
    assert qof.point
    assert qof.weights.list
    linear = qof.item("AF006").kind
    assert isinstance(linear, Linear)
    harder = qof.item("AF006").model_copy(
        update={"pays": PaysLinear(linear=linear.model_copy(update={"lower": number(linear.lower, "0.5")}))}
    )
    unweighted = tuple(i.model_copy(update={"weights": ("list",)}) for i in qof.items)
    bare = qof.weights.model_copy(update={"prevalence": None, "target_population": None})
    point = qof.point.model_copy(update={"value": number(qof.point.value, "187.74")})
    average = qof.weights.list.model_copy(update={"over": number(qof.weights.list.over, "9000")})
    heads = qif.heads.model_copy(update={"column": "list_size"}) if qif.heads else None
    swapped = qif.item("3").model_copy(update={"indicator": "HYP008"})
    return {
        "qif": qif,
        "qif fewer": qif.model_copy(update={"items": qif.items[2:]}),
        "qif heads": qif.model_copy(update={"heads": heads}),
        "qif swapped": qif.model_copy(update={"items": tuple(swapped if i.item == "3" else i for i in qif.items)}),
        "qif plus": load_scheme("qif-plus-2024-25"),
        "qof": qof,
        "qof harder": qof.model_copy(update={"items": tuple(harder if i.item == "AF006" else i for i in qof.items)}),
        "qof unweighted": qof.model_copy(update={"items": unweighted}),
        "qof bare": qof.model_copy(update={"items": unweighted, "weights": bare}),
        "qof fewer": qof.model_copy(update={"items": qof.items[1:]}),
        "qof point": qof.model_copy(update={"point": point}),
        "qof average": qof.model_copy(update={"weights": qof.weights.model_copy(update={"list": average})}),
        "qof renamed": qof.model_copy(update={"scheme": "qof-renamed", "point": point}),
    }  # fmt: skip


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


SIZES = st.integers(1, 20000)
DAYS = st.sampled_from([date(2018, 10, 1), date(2024, 10, 1), date(2024, 12, 31), date(2025, 1, 15)])


@st.composite
def rates(draw: st.DrawFn) -> Figures:
    denominator = draw(st.integers(0, 60))
    return {NUMERATOR: draw(st.integers(0, denominator)), DENOMINATOR: denominator}


@st.composite
def lists(draw: st.DrawFn) -> Figures:
    size = draw(st.integers(1, 5000))
    held = {REGISTER: draw(st.integers(0, size)), LIST_SIZE: size}
    return {name: held[name] for name in held if draw(st.integers(0, 5))}


FIGURES = {
    **dict.fromkeys(["1b", "2a", "2b", "3", "4", "5", "CHOL002", "CHOL004", "AF006", "SMOK004", "CS002"], rates()),
    **dict.fromkeys(["1a", "6", "AF", "CS", "SMOK", "AF006 register"], lists()),
    "CS001": st.fixed_dictionaries({DECLARED: st.integers(0, 1)}),
}


@st.composite
def subjects(draw: st.DrawFn) -> dict[str, Any]:
    return {name: figures for name, strategy in FIGURES.items() if (figures := draw(maybe(strategy)))}


@st.composite
def practices(draw: st.DrawFn, codes: tuple[str, ...]) -> dict[str, Practice]:
    found = {}
    for code in codes:
        joined, left = draw(maybe(DAYS)), draw(maybe(DAYS))
        sizes = draw(SIZES), Fraction(draw(st.integers(1, 40000)), 2)
        left = None if joined and left and left < joined else left
        found[code] = Practice(code, code, "", "", *sizes, joined, left)
    if draw(st.booleans()) and {"A1", "B2"} <= found.keys():
        found["B2"] = replace(found["B2"], joined=None, left=date(2024, 12, 31), successor="A1")
    return found


@st.composite
def inputs(draw: st.DrawFn, family: str) -> Inputs:
    names = [name for name in variants() if name.startswith(family)]
    chosen = {
        variants()[n].scheme: variants()[n] for n in draw(st.lists(st.sampled_from(names), min_size=1, max_size=2))
    }
    codes = tuple(draw(st.lists(st.sampled_from(CODES), min_size=1, unique=True)))
    people = draw(practices(tuple(sorted(codes))))
    national = {
        group: National(Fraction(draw(st.integers(1, 400))), Fraction(draw(st.integers(400, 9000))), GIVEN)
        for group in ("AF", "CS", "SMOK", "*")
        if draw(st.booleans())
    }
    known = {name for scheme in chosen.values() for name in scheme.parameters}
    told = {
        name: draw(st.sampled_from(values))
        for name, values in SETTINGS.items()
        if name in known and draw(st.booleans())
    }
    assigned = {code: draw(st.sampled_from(sorted(chosen))) for code in people}
    return Inputs(chosen, assigned, people, Counts({code: draw(subjects()) for code in people}), national, told)


def mixed(draw: st.DrawFn, one: Inputs, two: Inputs) -> Inputs:
    """Run 2 with any part of it as in run 1, so that each subset of causes is met."""
    same = {name for name in ("practices", "counts", "national", "settings", "schemes") if draw(st.booleans())}
    changed: dict[str, Any] = {name: getattr(one, name) for name in same if name != "schemes"}
    if "schemes" in same:
        assigned = {c: one.assigned.get(c, next(iter(one.schemes))) for c in {**one.practices, **two.practices}}
        changed.update(schemes=one.schemes, assigned=assigned)
    elif "practices" in same:
        changed["assigned"] = {c: two.assigned.get(c, next(iter(two.schemes))) for c in one.practices}
    return replace(two, **changed)


@st.composite
def runs(draw: st.DrawFn) -> tuple[Run, Run]:
    family = draw(st.sampled_from(["qif", "qof"]))
    one = draw(inputs(family))
    two = mixed(draw, one, draw(inputs(draw(st.sampled_from([family, family, "qof"])))))
    return Run(one), Run(two)


@pytest.mark.checks("an amount that moved", "an award that is not compared")
@given(runs())
def test_the_causes_add_up_to_the_difference(pair: tuple[Run, Run]) -> None:
    found = compare(*pair)
    for n, run in enumerate(pair):
        paid = {
            (r.practice.code, a.item.item): 0 if r.status == "merged" else a.pence
            for r in run.results()
            for a in r.awards
        }
        assert {(m.practice, m.item): m.pence[n] for m in found.movements() if m.held[n]} == paid
        known = [m.pence[n] or 0 for m in found.movements() if m not in found.not_compared()]
        assert found.pence[n] == sum(known)
    for moved in found.movements():
        if any(held and pence is None for held, pence in zip(moved.held, moved.pence, strict=True)):
            checked("an award that is not compared", moved.difference is None)
            assert sum(moved.causes) == 0
            continue
        one, two = ((p or 0) for p in moved.pence)
        checked("an amount that moved", one != two)
        assert sum(moved.causes) == two - one
    assert sum(found.causes) == found.pence[1] - found.pence[0]
    assert sum(m.difference or 0 for m in found.items().values()) == found.difference


@pytest.mark.checks("an item of both")
@given(runs(), st.data())
def test_of_narrowed_runs_only_what_both_hold_is_compared(pair: tuple[Run, Run], data: st.DataObject) -> None:
    narrowed = []
    for run in pair:
        everywhere = set.intersection(*({i.item for i in s.items} for s in run.inputs.schemes.values()))
        people, items = (
            data.draw(st.lists(st.sampled_from(sorted(of)), unique=True)) for of in (run.codes, everywhere)
        )
        narrowed.append(Run(run.inputs, people, items))
    one, two = narrowed
    try:
        found = compare(one, two)
    except Refused:
        shared = set(one.inputs.practices) | set(two.inputs.practices)
        assert not {c for c in shared if all(c in r.codes or c not in r.inputs.practices for r in narrowed)}
        return
    for moved in found.movements():
        checked("an item of both")
        assert sum(moved.causes) == (moved.difference or 0)
        for run in narrowed:
            assert moved.practice in run.codes or moved.practice not in run.inputs.practices
            assert moved.item in (run.only_items or [moved.item])


@pytest.mark.checks("an amount")
@given(runs())
def test_a_run_does_not_differ_from_itself(pair: tuple[Run, Run]) -> None:
    found = compare(pair[0], Run(pair[0].inputs))
    checked("an amount", len([moved for moved in found.movements() if any(moved.pence)]))
    assert not any(found.causes)
    assert not any(moved.moved for moved in found.movements())
    assert found.changes == ()


@pytest.mark.checks("a price")
@given(runs())
def test_what_lies_between_is_priced_as_the_engine_prices(pair: tuple[Run, Run]) -> None:
    run = pair[0]
    for code in run.codes:
        plan = plan_of(run.inputs.scheme_of(code), run.inputs.settings, run.inputs.national)
        standing = run.standing(code)
        scenario = Scenario(items=frozenset(plan.codes), weighed=standing.figures)
        found = {award.item.item: award.pence for award in price(plan, standing, scenario).awards}
        checked("a price", len([one for one in found.values() if one]))
        assert found == {award.item.item: award.pence for award in run.practice(code).awards}


@pytest.mark.checks("a cause that moved pounds")
@examples(2)
@given(st.data())
def test_one_kind_of_change_moves_one_cause(data: st.DataObject) -> None:
    one = data.draw(inputs(data.draw(st.sampled_from(["qif", "qof"]))))
    cause = data.draw(st.sampled_from(["counts", "list", "prevalence", "terms", "practice"]))
    two = replace(one, **_changed(data, one, cause))
    found = compare(Run(one), Run(two))
    assert {c for c, pence in zip(CAUSES, found.causes, strict=True) if pence} <= {cause}
    checked("a cause that moved pounds", any(found.causes))
    assert all(not any(p for c, p in zip(CAUSES, m.causes, strict=True) if c != cause) for m in found.movements())


def _changed(data: st.DataObject, one: Inputs, cause: str) -> dict[str, Any]:
    """Other inputs of one kind for the same practices in the same schemes."""
    people = one.practices
    if cause == "counts":  # rates alone: a register may weigh as well
        figures: dict[str, dict[str, Any]] = {}
        for code, held in one.counts.figures.items():
            figures[code] = {s: data.draw(rates()) if NUMERATOR in f else f for s, f in held.items()}
        return {"counts": Counts(figures)}
    if cause == "list":
        return {"practices": {c: replace(p, list_size=data.draw(SIZES)) for c, p in people.items()}}
    if cause == "prevalence":
        other = {
            g: National(Fraction(data.draw(st.integers(1, 400))), n.list_size, n.origin)
            for g, n in one.national.items()
        }
        return {"national": other}
    if cause == "terms":
        rounding = {
            n: s.rounding.model_copy(update={"pounds": replace(s.rounding.pounds, places=0)})
            for n, s in one.schemes.items()
        }
        return {"schemes": {n: s.model_copy(update={"rounding": rounding[n]}) for n, s in one.schemes.items()}}
    return {"practices": {c: replace(p, joined=None, left=None, successor="") for c, p in people.items()}}
