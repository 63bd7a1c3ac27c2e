"""Whatever the scheme, the practices and the change: a what-if says what a run of the edited files would pay.

The scheme is edited in the text of the file that a run keeps, the counts in their rows; several changes at once.
"""

from __future__ import annotations

import tempfile
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.generative.made import Made, inputs, local_inputs, local_schemes
from tests.kinds.test_what_if import edit_items
from tests.profiles import examples

import remit
from remit.application.what_if import ChangeBy, Lever, MorePatients, ProposedChange, Request, WhatIfQuestion, evaluate
from remit.comparison.before_after import BeforeAfter
from remit.core.problems import Problem, Refused
from remit.core.sums import Sum
from remit.scheme import Scheme, thaw
from remit.scheme.changes import levers

ABLE = ("achievement", "prevalence")
SHIFTS: dict[Lever, st.SearchStrategy[Fraction]] = {
    "thresholds": st.integers(-300, 300).map(lambda n: Fraction(n, 10_000)),
    "pence": st.integers(-9, 30).map(lambda n: Fraction(n, 1000)),
    "points": st.integers(-20, 300).map(lambda n: Fraction(n, 100)),
}
networks = local_schemes(networks=True)
made = st.one_of(
    inputs(), local_inputs(), local_inputs(whole=True), local_inputs(networks), local_inputs(networks, whole=True)
)


@st.composite
def questions(draw: st.DrawFn, scheme: Scheme) -> WhatIfQuestion:
    """Up to two numbers that move, items that are retired, patients."""
    have = {item.item: levers(item.kind) for item in scheme.items}
    moves = []
    every = sorted({lever for own in have.values() for lever in own})
    for _ in range(draw(st.integers(0, 2)) if every else 0):
        lever = draw(st.sampled_from(every))
        codes = [code for code, own in have.items() if lever in own]
        some = draw(st.just(list[str]()) | st.lists(st.sampled_from(codes), min_size=1, max_size=2, unique=True))
        moves.append(ProposedChange(lever, ChangeBy(draw(SHIFTS[lever])), tuple(some)))
    retired = draw(st.just(list[str]()) | st.lists(st.sampled_from(list(have)), max_size=2, unique=True))
    counted = [item.item for item in scheme.items if item.measure in ABLE]
    patients = []
    if draw(st.booleans()) and counted:
        some = draw(st.lists(st.sampled_from(counted), min_size=1, max_size=3, unique=True))
        patients = [MorePatients(draw(st.integers(-40, 40)), tuple(some))]
    return WhatIfQuestion((), tuple(moves), tuple(retired), tuple(patients))


@given(made, st.data())
@examples(2)
def test_a_what_if_pays_what_a_run_of_the_edited_files_pays(made: Made, data: st.DataObject) -> None:
    question = data.draw(questions(made.scheme))
    national = data.draw(st.booleans())
    if question == WhatIfQuestion():
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            run = _run(made, folder, national)
        except Refused:
            return  # what was made is no input
        remit.write_run(run, folder / "run")
        keep = folder / "reform.yaml" if question.moves or question.retired else None
        found, refused = _asked(Request(folder / "run", question, save=keep))
        assert not any(problem.place for problem in refused), "the change is in no file"
        if found is None:
            return
        [kept] = (folder / "run" / "inputs").glob("scheme-*.yaml")
        tree = edit_items(yaml.safe_load(kept.read_text(encoding="utf-8")), made.scheme, question)
        after = thaw(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), "edited.yaml")
        theirs = _run(_counted(replace(made, scheme=after), question), folder, national)
        assert {unit.code: unit.after for unit in found.units} == _pays(theirs)
        if keep and not question.patients:
            assert _pays(_run(replace(made, scheme=keep), folder, national)) == _pays(theirs)  # type: ignore[arg-type]
        _adds_up(found)


def _asked(request: Request) -> tuple[BeforeAfter | None, tuple[Problem, ...]]:
    try:
        return evaluate(request).sides, ()
    except Refused as refused:
        return None, tuple(refused.problems)


def _run(made: Made, folder: Path, national: bool) -> remit.Run:
    paths: dict[str, Path | str] = dict(made.write(folder))
    if national:
        paths["national"] = "from-run"
    elif not made.national:
        del paths["national"]
    return remit.run(made.scheme, **paths, ignore_unknown=True)  # type: ignore[arg-type]


def _pays(run: remit.Run) -> dict[str, Sum]:
    """What each is awarded, or its part of its network's money."""
    return {r.practice.code: Sum.of([r.pence]) if r.through_network else r.awarded for r in run.results()}


def _counted(made: Made, question: WhatIfQuestion) -> Made:
    """The rows of the counts with so many more who achieved, in no more than there are."""
    counts = deepcopy(made.counts)
    at = {(code, subject, measure): row for row in counts for code, subject, measure, _, period in [row] if not period}
    for one in question.patients:
        for item in (item for item in made.scheme.items if item.item in one.items):
            group = made.scheme.indicator(item.indicators[0]).group if item.indicators else item.item
            top, of = ("NUMERATOR", "DENOMINATOR") if item.measure == "achievement" else ("REGISTER", "LIST_SIZE")
            for code in dict.fromkeys(row[0] for row in counts):
                held = [(at.get((code, s, top)), at.get((code, s, of))) for s in (item.item, group)]
                row, size = next(((row, size) for row, size in held if row), (None, None))
                if row and size and int(size[3]):
                    more = -one.many if item.kind.falls else one.many
                    row[3] = str(min(max(int(row[3]) + more, 0), int(size[3])))
    return replace(made, counts=counts)


def _adds_up(found: BeforeAfter) -> None:
    """A difference that is known is that of what is before and after, and the items add up to the whole."""
    for unit in found.units:
        if not (unit.before.unknown or unit.after.unknown):
            assert unit.difference == unit.after.pence - unit.before.pence, unit
    if not found.whole.difference.unknown:
        assert sum(group.difference.pence for group in found.items.values()) == found.whole.difference.pence
