"""More achievement never gives less award, and an award lies between nothing and the most: every kind, every scheme."""

from __future__ import annotations

import tempfile
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.checked import checked
from tests.generative.made import Made, inputs, rates, schemes

import remit
from remit.scheme import Scheme, load_scheme
from remit.scheme.kinds import Kind, Steps

QIF = load_scheme("qif-2024-25")
QOF = load_scheme("qof-england-2018-19")


def kinds_of(scheme: Scheme) -> list[Kind]:
    return [item.kind for item in scheme.items]


kinds = st.one_of(
    schemes().flatmap(lambda scheme: st.sampled_from(kinds_of(scheme))),
    st.sampled_from(kinds_of(QIF)),
    st.sampled_from(kinds_of(QOF)),
)


@given(kinds, rates(), rates(), rates())
def test_more_achievement_never_earns_less_and_all_lies_within_bounds(
    kind: Kind, one: Fraction, other: Fraction, gate: Fraction
) -> None:
    low, high = sorted([one, other])
    if not kind.takes_rate:
        low, high = Fraction(0), Fraction(1)
    most = kind.most_earned()
    assert most is not None
    assert 0 <= kind.earned(low, gate) <= kind.earned(high, gate) <= most


@pytest.mark.checks("the most")
@given(kinds, rates())
def test_nothing_achieved_earns_nothing_and_all_of_it_the_most(kind: Kind, gate: Fraction) -> None:
    """But where a step is reached at 0%, or never at 100%, or the gate's table is a lower one."""
    thresholds = kind.thresholds(gate) if kind.takes_rate else ()
    assume(all(bound.at > 0 or bound.above for bound in thresholds))
    assert kind.earned(Fraction(0), gate) == 0
    assume(all(bound.at < 1 or not bound.above for bound in thresholds))
    if not (isinstance(kind, Steps) and kind.gate):
        checked("the most")
        assert kind.earned(Fraction(1), gate) == kind.most_earned()


@pytest.mark.checks("a rate between two steps")
@given(kinds, rates(), rates())
def test_what_is_earned_changes_only_where_a_bound_is_named(kind: Kind, one: Fraction, gate: Fraction) -> None:
    """Between two bounds a stepped award is flat; `remit show --boundaries` would else miss a step."""
    if not isinstance(kind, Steps):
        return
    below = [b.at for b in kind.thresholds(gate) if b.at < one]
    above = [b.at for b in kind.thresholds(gate) if b.at > one]
    if any(b.at == one for b in kind.thresholds(gate)):
        return
    checked("a rate between two steps")
    low, high = max(below, default=Fraction(0)), min(above, default=Fraction(1))
    assert kind.earned((low + one) / 2, gate) == kind.earned(one, gate) == kind.earned((one + high) / 2, gate)


@given(rates(), rates(), rates())
def test_more_palliative_prevalence_never_gives_less_for_1b(one: Fraction, other: Fraction, rate: Fraction) -> None:
    low, high = sorted([one, other])
    kind = QIF.item("1b").kind
    assert kind.earned(rate, low) <= kind.earned(rate, high)


def pounds(made: Made) -> dict[tuple[str, str], int | None]:
    with tempfile.TemporaryDirectory() as folder:
        run = remit.run(made.scheme, **made.write(Path(folder)))  # type: ignore[arg-type]
        return {(r.practice.code, a.item.item): a.pence for r in run.results() for a in r.awards}


@given(inputs(changes=False), st.data())
def test_one_more_in_the_numerator_never_pays_a_penny_less(made: Made, data: st.DataObject) -> None:
    """Whatever the scheme's rounding. A gated item of another practice or item is left alone."""
    values = {(row[0], row[1], row[2]): row for row in made.counts}
    room = [
        row for (code, item, measure), row in values.items()
        if measure == "NUMERATOR" and int(row[3]) < int(values[code, item, "DENOMINATOR"][3])
    ]  # fmt: skip
    assume(room)
    row = data.draw(st.sampled_from(room))
    before = pounds(made)
    row[3] = str(int(row[3]) + data.draw(st.integers(1, int(values[row[0], row[1], "DENOMINATOR"][3]) - int(row[3]))))
    after = pounds(made)
    code, item = row[0], row[1]
    gated = {i.item for i in made.scheme.items if isinstance(i.kind, Steps) and i.kind.gate == item}
    assert after.keys() == before.keys()
    if before[code, item] is not None:
        assert (after[code, item] or 0) >= (before[code, item] or 0)
    others = {key for key in before if key != (code, item) and not (key[0] == code and key[1] in gated)}
    assert {key: after[key] for key in others} == {key: before[key] for key in others}


@pytest.mark.checks("an award with a most")
@given(inputs())
def test_pounds_are_never_negative_nor_above_full_achievement(made: Made) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = remit.run(made.scheme, **made.write(Path(folder)))  # type: ignore[arg-type]
        for result in run.results():
            for award in result.awards:
                assert award.pence is None or award.pence >= 0
                assert award.earned is None or award.earned >= 0
                if award.item.kind.unit != "points" and award.pence is not None and result.base.heads is not None:
                    checked("an award with a most", bool(award.pence))
                    most = award.item.kind.most_earned()
                    assert most is not None
                    # A penny's or a pound's rounding up at the end is all that may lie above.
                    assert award.pence <= most * result.base.heads * 100 + 100
            assert (result.pence or 0) == sum(award.pence or 0 for award in result.awards)
            assert result.pence is not None or any(award.pence is None for award in result.awards)


@given(st.integers(0, 100), st.integers(0, 1000), st.integers(0, 900), st.integers(0, 1000), st.integers(0, 900))
def test_the_pca_guard_never_changes_pounds(met: int, pcas: int, before: int, before_of: int, others: int) -> None:
    plain = [["P0", "4", "NUMERATOR", str(met), ""], ["P0", "4", "DENOMINATOR", "100", ""]]
    more = [["P0", "4", "PCAS", str(pcas), ""], ["P0", "4", "PCAS", str(before), "2023-24"],
            ["P0", "4", "DENOMINATOR", str(before_of), "2023-24"], ["P1", "4", "PCAS", str(others), ""],
            ["P1", "4", "NUMERATOR", "1", ""], ["P1", "4", "DENOMINATOR", "9", ""]]  # fmt: skip
    rows = [[f"P{n}", "", "", "", "9000", "9000.5", "", "", ""] for n in range(2)]
    without = pounds(Made(QIF, rows, plain, []))
    guarded = pounds(Made(QIF, rows, plain + more, []))
    assert guarded["P0", "4"] == without["P0", "4"]
