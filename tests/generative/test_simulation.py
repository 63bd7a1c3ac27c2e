"""Whatever the scheme, the practices and the reform: draws of the counts as they stand come to the exact difference.

And what is gained less what is lost is the difference of the totals, over all practices and over those of every group.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checked import checked
from tests.generative.made import Made, inputs, local_inputs, local_schemes
from tests.generative.test_what_if import questions
from tests.profiles import examples

import remit
from remit.analysis.simulation.blocks import Drawn
from remit.analysis.simulation.central import ReformedRun, central
from remit.analysis.simulation.draws import Draws
from remit.analysis.simulation.groups import groups
from remit.analysis.simulation.shares import UNKNOWN
from remit.application.what_if_rules import changed_rules
from remit.comparison.before_after import Sides
from remit.core.figures import DENOMINATOR, NUMERATOR
from remit.core.problems import Refused
from remit.pricing.vector import Column
from remit.runs.what_if import WhatIfQuestion, otherwise

networks = local_schemes(networks=True)
made = st.one_of(inputs(), local_inputs(merged=True), local_inputs(networks), local_inputs(networks, whole=True))


def both(made: Made, data: st.DataObject, folder: Path) -> tuple[remit.Run, remit.Run] | None:
    """A run, and as it would be; None where what was made is no input, or no change."""
    question = data.draw(questions(made.scheme))
    question = WhatIfQuestion((), question.moves, question.retired)
    if question == WhatIfQuestion():
        return None
    try:
        run = remit.run(made.scheme, **made.write(folder))  # type: ignore[arg-type]
        return run, otherwise(run, changed_rules(run, question, ()).schemes)
    except Refused:
        return None


@pytest.mark.checks("a practice", "a network")
@given(made, st.data())
@examples(8)  # one in fifty pays a network
def test_counts_as_they_stand_come_to_the_exact_difference(made: Made, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        found = both(made, data, Path(name))
    if found is None:
        return
    run, after = found
    draws = Draws(run, [after], 1, 2, [()])
    sides = Sides(run, after)
    for code in sides.codes():
        sides.add(code)
    exact = {unit.code: unit.difference for unit in sides.units}
    for block in draws.blocks:
        counts = [_as_they_stand(of, draws, block.practices) for of in (run, after)]
        differences = draws.differences(block, counts)[0]
        for n, unit in enumerate(draws.columns_of[block.number]):
            network = unit.practices != (unit.code,)
            expected = exact[unit.code]
            checked("a network" if network else "a practice", expected is not None)
            assert set(differences[:, n].tolist()) == {UNKNOWN if expected is None else expected}, unit


def _as_they_stand(run: remit.Run, draws: Draws, some: slice) -> Drawn:
    """Each count twice, as though it had been drawn so."""
    found: Drawn = {}
    for subject in draws.subjects:
        figures = [run.standing(code).figures.get(subject, {}) for code in draws.codes[some]]
        known = np.array([NUMERATOR in one and DENOMINATOR in one for one in figures], dtype=bool)
        if known.any():
            row = np.array(
                [int(one.get(NUMERATOR, 0)) if there else 0 for one, there in zip(figures, known, strict=True)]
            )
            found[subject, NUMERATOR] = Column(np.stack([row, row]), None if known.all() else known)
    return found


@pytest.mark.checks("gains and losses")
@given(made, st.data())
@examples(2)
def test_gains_less_losses_are_the_difference_of_the_totals(made: Made, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        found = both(made, data, Path(name))
    if found is None:
        return
    run, after = found
    members = groups([run.inputs.practices[code] for code in run.codes], {})
    [outcome] = central(run, [ReformedRun("reform", "reform", after)], members, lambda done, of: None)
    for line in outcome.groups:
        sums = line.sums
        assert sums.gained.pence + sums.lost.pence == sums.difference.pence
        assert sums.gained.pence >= 0 >= sums.lost.pence
        checked("gains and losses", bool(sums.gained.pence or sums.lost.pence))
    for dimension in {line.group.dimension for line in outcome.groups}:
        those = [line for line in outcome.groups if line.group.dimension == dimension]
        assert sum(line.sums.difference.pence for line in those) == outcome.everybody.sums.difference.pence
        assert sum(line.practices for line in those) == outcome.everybody.practices
    for of in outcome.effort_of.values():
        assert min(of.reached, of.to_all_before, of.to_all_after) >= 0
