"""The kind: a hidden count can be worked out, or told to be small, from what is shown beside it.

A table of what a reader knows besides the figures that are shown, each with tables small enough to work out by hand:
what must be hidden, and that an attacker who knows it finds no hidden count more closely than the policy promises.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from tests.generative.attacker import Table, Way, too_narrow, too_narrow_together

from remit.disclosure.breakdowns import EvaluatedCounts, broken_down
from remit.disclosure.families import CountedPeople, families
from remit.disclosure.family_suppression import suppress_family
from remit.disclosure.policies import load_policy
from remit.disclosure.suppression import Group, Hidden, Line, Measure, suppress
from remit.evaluation.layout import CELLS
from remit.evaluation.manifest import CountedBy, EvaluationManifest
from remit.organisation import Practice

DEFAULT = load_policy("default")
PCAS: frozenset[Measure] = frozenset({"pcas"})
REGISTER: frozenset[Measure] = frozenset({"denominator"})


def pcas(*counts: int) -> dict[str, Group]:
    return {f"{n:02}": Group(pcas=count, measures=PCAS) for n, count in enumerate(counts)}


def register(*counts: int) -> dict[str, Group]:
    return {f"{n:02}": Group(achieved=count, measures=REGISTER) for n, count in enumerate(counts)}


def total(groups: dict[str, Group]) -> Group:
    return sum(groups.values(), Group())


ZEROS = {
    # what: (the groups, how many are hidden, whether the whole is hidden)
    # 18 over 18 hidden months: each is 1, so the whole is hidden too (CS006 by month of the PCA)
    "each is exactly 1": (pcas(*[1] * 18), 18, True),
    # 5 and 4 are 1 to 8 each, 7 steps from end to end; with 20 a hidden count is 1 to 27
    "two that are 9 together": (pcas(5, 4, 20, 30), 3, False),
    # 5 and 5 are 1 to 9 each: 8 steps
    "two that are 10 together": (pcas(5, 5, 20, 30), 2, False),
    # 2, 2, 2, 2 and 2 leave 5 that can move; with 20 there are 24
    "five that are 10 together": (pcas(2, 2, 2, 2, 2, 20, 30), 6, False),
    "no other is there": (pcas(5, 4, 0, 0), 4, True),
    "a register": (register(5, 4, 20, 30), 3, False),
    "a register with nobody else": (register(5, 4), 2, True),
}


@pytest.mark.parametrize("insiders", [False, True], ids=["anybody", "insiders"])
@pytest.mark.parametrize("case", ZEROS)
def test_line_9_a_zero_is_shown_so_a_hidden_count_is_at_least_1(case: str, insiders: bool) -> None:
    groups, many, whole = ZEROS[case]
    lines = {"month": Line(groups, insiders=insiders)}
    hidden = suppress(total(groups), lines, DEFAULT)
    if not insiders:
        assert (len(hidden.nodes["month"]), bool(hidden.whole)) == (many, whole)
    assert too_narrow(total(groups), lines, hidden, DEFAULT) == []


def test_line_9_patients_move_between_hidden_denominators_only_down_to_1() -> None:
    """1 of 2 and 2 of 3 hide in denominators that are 5 together: nobody's rate can be of more than 4."""
    groups = {"a": Group(1, 1), "b": Group(2, 1), "c": Group(10, 12), "d": Group(30, 30)}
    lines = {"age": Line(groups)}
    hidden = suppress(total(groups), lines, DEFAULT)
    assert {node[1] for node, what in hidden.nodes["age"].items() if "denominator" in what} == {"a", "b", "c"}
    assert too_narrow(total(groups), lines, hidden, DEFAULT) == []


PLACES = {
    # Two places of two: A's rate is hidden, so B's, and X's, and Y's. A knows 95 of the 275 achieved of 400, so of B
    # it knows only 0 to 100. Nothing more need be hidden, and the whole stays.
    "two places of two": (
        {"A": Group(95, 5), "B": Group(60, 40), "C": Group(70, 30), "D": Group(50, 50)},
        {"A": "X", "B": "X", "C": "Y", "D": "Y"},
        {"A", "B", "C", "D", "X", "Y"},
    ),
    # With a third practice in X no total is hidden: of the other two in X neither knows the third.
    "a place of three": (
        {"A": Group(95, 5), "B": Group(60, 40), "C": Group(70, 30), "D": Group(50, 50)},
        {"A": "X", "B": "X", "C": "X", "D": "Y"},
        {"A", "B", "C"},
    ),
}


@pytest.mark.parametrize("case", PLACES)
def test_line_9_insiders_are_taken_one_by_one(case: str) -> None:
    groups, places, names = PLACES[case]
    lines = {"practice": Line(groups, (places,), insiders=True)}
    hidden = suppress(total(groups), lines, DEFAULT)
    assert hidden.whole == frozenset()
    assert {name for _, name in hidden.nodes["practice"]} == names
    assert too_narrow(total(groups), lines, hidden, DEFAULT) == []


def test_the_attacker_sees_what_was_hidden_before_it_knew_of_zeros() -> None:
    """Hiding 5 and 4 alone was enough while they were taken to be 0 to 9."""
    groups = pcas(5, 4, 20, 30)
    lines = {"month": Line(groups)}
    hidden = suppress(total(groups), lines, DEFAULT)
    two = replace(hidden, nodes={"month": {(0, "00"): PCAS, (0, "01"): PCAS}})
    assert too_narrow(total(groups), lines, two, DEFAULT) == [
        "month 00 ('pcas',) is 1 to 8, known to all",
        "month 01 ('pcas',) is 1 to 8, known to all",
    ]


# Indicators of one population. In each cell: how many are on the register, and those achieved, those not achieved and
# the PCAs of each indicator; whoever is left over is excluded.
Cell = tuple[int, dict[str, tuple[int, int, int]]]
FAMILIES: dict[str, tuple[dict[str, Cell], list[Way]]] = {
    # 3 PCAs in the first age band would be 53 - 50.
    "a register and who counts all of it (AST, AST007)": (
        {
            "a": (53, {"AST007": (30, 20, 3)}),
            "b": (69, {"AST007": (40, 20, 9)}),
            "c": (80, {"AST007": (30, 30, 20)}),
        },
        [Way(("REG",)), Way(("AST007",))],
    ),
    "a register that is parted by age (HYP008, HYP009)": (
        {
            "a": (53, {"HYP008": (30, 20, 3)}),
            "b": (110, {"HYP008": (30, 20, 9), "HYP009": (20, 20, 11)}),
            "c": (63, {"HYP009": (30, 28, 5)}),
        },
        [Way(("REG",)), Way(("HYP008", "HYP009"))],
    ),
    "parted twice (DM020, DM021 and DM033)": (
        {
            "a": (100, {"DM020": (30, 20, 3), "DM021": (20, 22, 5), "DM033": (25, 27, 1)}),
            "b": (110, {"DM020": (30, 20, 9), "DM021": (20, 20, 11), "DM033": (20, 30, 9)}),
        },
        [Way(("REG",)), Way(("DM020", "DM021")), Way(("DM021", "DM033"))],
    ),
    "no register is told (HF003, HF006)": (
        {
            "a": (53, {"HF003": (30, 20, 3), "HF006": (20, 23, 10)}),
            "b": (80, {"HF003": (30, 30, 20), "HF006": (30, 40, 10)}),
        },
        [Way(("HF003",)), Way(("HF006",))],
    ),
    # AF006 excludes few: 53 - 50 leaves 1 to 3 PCAs.
    "a register and who excludes a few (AF, AF006)": (
        {"a": (53, {"AF006": (30, 20, 2)}), "b": (80, {"AF006": (30, 30, 9)})},
        [Way(("REG",)), Way(("AF006",), everybody=False)],
    ),
}


def tables(cells: dict[str, Cell], ways: list[Way]) -> tuple[dict[str, Table], dict[str, CountedPeople]]:
    """Each indicator as it is, with nothing hidden yet, and whom it counts."""
    found, people = {}, {}
    population = {("age", name): size for name, (size, _) in cells.items()}
    for code in sorted({code for way in ways for code in way.indicators}):
        if code == "REG":
            groups = {name: Group(size, measures=REGISTER) for name, (size, _) in cells.items()}
        else:
            groups = {name: Group(*of[code]) for name, (_, of) in cells.items() if code in of}
        counts = {("age", name): group.denominator + group.pcas for name, group in groups.items()}
        lines = {"age": Line(groups)}
        found[code] = Table(
            sum(list(groups.values())[1:], next(iter(groups.values()))), lines, Hidden(frozenset(), {"age": {}})
        )
        people[code] = CountedPeople(counts, population, code == "REG")
    return found, people


@pytest.mark.parametrize("case", FAMILIES)
def test_line_9_indicators_that_add_up_are_protected_together(case: str) -> None:
    cells, ways = FAMILIES[case]
    made, people = tables(cells, ways)
    [family] = families(people, dict.fromkeys(people, "REG"))
    alone = {code: replace(one, hidden=suppress(one.whole, one.lines, DEFAULT)) for code, one in made.items()}
    assert too_narrow_together(alone, ways, DEFAULT) != [], "each alone would give nothing away"
    hidden = suppress_family(
        family, {c: one.whole for c, one in made.items()}, {c: one.lines for c, one in made.items()}, DEFAULT
    )
    together = {code: replace(one, hidden=hidden[code]) for code, one in made.items()}
    assert too_narrow_together(together, ways, DEFAULT) == []
    for code, one in alone.items():
        rates = [what & {"achieved"} for what in (one.hidden.whole, *one.hidden.nodes["age"].values())]
        assert [what & {"achieved"} for what in (hidden[code].whole, *one.hidden.nodes["age"].values())] == rates


def test_a_register_is_hidden_only_where_a_part_of_it_is() -> None:
    """3 and 9 PCAs are hidden, 20 are not: the register of the third age band is told, and of all."""
    made, people = tables(*FAMILIES["a register and who counts all of it (AST, AST007)"])
    [family] = families(people, dict.fromkeys(people, "REG"))
    hidden = suppress_family(
        family, {c: one.whole for c, one in made.items()}, {c: one.lines for c, one in made.items()}, DEFAULT
    )
    assert hidden["REG"] == Hidden(frozenset(), {"age": {(0, "a"): REGISTER, (0, "b"): REGISTER}})
    assert hidden["AST007"] == Hidden(frozenset(), {"age": {(0, "a"): PCAS, (0, "b"): PCAS}})


def test_the_total_of_a_register_stays_where_enough_can_move() -> None:
    """Of each part 11 or more are excluded and can move: from the other two to any one, more than 8. All are 233."""
    cells: dict[str, Cell] = {
        "a": (64, {"AF006": (30, 20, 3)}),
        "b": (80, {"AF006": (30, 30, 9)}),
        "c": (89, {"AF006": (30, 40, 5)}),
    }
    ways = [Way(("REG",)), Way(("AF006",), everybody=False)]
    made, people = tables(cells, ways)
    [family] = families(people, dict.fromkeys(people, "REG"))
    hidden = suppress_family(
        family, {c: one.whole for c, one in made.items()}, {c: one.lines for c, one in made.items()}, DEFAULT
    )
    assert hidden["REG"] == Hidden(frozenset(), {"age": {(0, name): REGISTER for name in "abc"}})
    assert hidden["AF006"].whole == frozenset()


def test_only_the_cells_that_need_it_are_hidden_for_another_indicators_sake() -> None:
    """HF003 hides 3 PCAs of a, and with them the 14 of b: together 17. HF006 counts the same people, so its PCAs of a
    and b are hidden too. Of each, 10 or more can move between a and b: no more is hidden, and the totals stay."""
    cells: dict[str, Cell] = {
        "a": (63, {"HF003": (30, 30, 3), "HF006": (25, 26, 12)}),
        "b": (80, {"HF003": (30, 36, 14), "HF006": (30, 37, 13)}),
        "c": (100, {"HF003": (40, 40, 20), "HF006": (40, 38, 22)}),
    }
    ways = [Way(("HF003",)), Way(("HF006",))]
    made, people = tables(cells, ways)
    [family] = families(people, dict.fromkeys(people, "REG"))
    hidden = suppress_family(
        family, {c: one.whole for c, one in made.items()}, {c: one.lines for c, one in made.items()}, DEFAULT
    )
    assert hidden == dict.fromkeys(made, Hidden(frozenset(), {"age": {(0, "a"): PCAS, (0, "b"): PCAS}}))
    together = {code: replace(one, hidden=hidden[code]) for code, one in made.items()}
    assert too_narrow_together(together, ways, DEFAULT) == []


def test_pcas_move_only_between_cells_where_the_indicator_has_a_row() -> None:
    """DM021 has no row of a, nor DM020 of c: a PCA of a can become one of b under DM020, and none of c.

    So with the 3 PCAs of a, those of b are hidden, and the register of both; DM021 hides nothing."""
    cells: dict[str, Cell] = {
        "a": (63, {"DM020": (30, 30, 3)}),
        "b": (120, {"DM020": (30, 36, 14), "DM021": (10, 10, 20)}),
        "c": (100, {"DM021": (40, 40, 20)}),
        "d": (90, {"DM020": (35, 35, 20)}),
    }
    for name, excluded in {"a": 12, "b": 20, "c": 20, "d": 20}.items():  # those of DM012, which has 15 PCAs of each
        size = cells[name][0]
        cells[name][1]["DM012"] = (size // 2 - excluded, size - size // 2 - 15, 15)
    ways = [Way(("REG",)), Way(("DM020", "DM021")), Way(("DM012",), everybody=False)]
    made, people = tables(cells, ways)
    [family] = families(people, dict.fromkeys(people, "REG"))
    hidden = suppress_family(
        family, {c: one.whole for c, one in made.items()}, {c: one.lines for c, one in made.items()}, DEFAULT
    )
    assert {code: {name for _, name in hidden[code].nodes["age"]} for code in made} == {
        "REG": {"a", "b"}, "DM020": {"a", "b"}, "DM021": set(), "DM012": set(),
    }  # fmt: skip
    assert {code for code, one in hidden.items() if one.whole} == set()


def test_what_hides_nothing_leaves_a_family_as_it_is() -> None:
    cells: dict[str, Cell] = {"a": (62, {"AST007": (30, 20, 12)}), "b": (69, {"AST007": (40, 20, 9)})}
    made, people = tables(cells, [Way(("REG",)), Way(("AST007",))])
    [family] = families(people, dict.fromkeys(people, "REG"))
    hidden = suppress_family(
        family, {c: one.whole for c, one in made.items()}, {c: one.lines for c, one in made.items()}, DEFAULT
    )
    assert all(one == Hidden(frozenset(), {"age": {}}) for one in hidden.values())


def test_a_register_without_indicators_hides_what_its_own_counts_need() -> None:
    """5 and the next smallest."""
    lines = {"age": Line(register(5, 9, 20, 30))}
    whole = Group(64, measures=REGISTER)
    people = {"CAN": CountedPeople({("age", "a"): 64}, {("age", "a"): 64}, is_register=True)}
    [family] = families(people, {"CAN": "CAN_REG"})
    hidden = suppress_family(family, {"CAN": whole}, {"CAN": lines}, DEFAULT)
    assert hidden["CAN"] == Hidden(frozenset(), {"age": {(0, "00"): REGISTER, (0, "01"): REGISTER}})


def counted_by(code: str) -> CountedBy:
    return CountedBy(
        title=code,
        version="1",
        status="complete",
        source="a test",
        population="AST_REG",
        counts="register" if code == "AST" else "outcomes",
        sha256="0" * 64,
    )


@pytest.mark.parametrize("asked", [["AST"], ["AST007"], ["AST", "AST007"]], ids=" ".join)
def test_line_9_a_family_is_protected_whichever_is_asked_for(asked: list[str]) -> None:
    """Of women 3 PCAs, 53 on the register less 50: the register of women and of the next smallest is not shown."""
    rows = []
    for sex, achieved, missed, pca in (("F", 30, 20, 3), ("M", 40, 20, 9), ("I", 30, 30, 20)):
        outcomes = {"achieved": achieved, "not_achieved": missed, "pca": pca}
        for code, of in (("AST007", outcomes), ("AST", {"achieved": achieved + missed + pca})):
            for dimension, value in (("sex", sex), ("all", "all")):
                rows += [("A1", code, dimension, value, category, many) for category, many in of.items()]
    cells = pa.Table.from_pylist([dict(zip(CELLS.names, row, strict=True)) for row in rows], CELLS)
    manifest = EvaluationManifest.model_construct(definitions={code: counted_by(code) for code in ("AST", "AST007")})  # type: ignore[call-arg]
    made = EvaluatedCounts(cells, {"A1": Practice("A1")}, manifest)
    hidden = {
        one.indicator: {cell.value: set(cell.figures.hidden) for cell in (*one.cells, one.whole)}
        for one in broken_down(made, asked, "sex", DEFAULT)
    }
    expected: dict[str, dict[str, set[Measure]]] = {
        "AST": {"F": {"denominator"}, "M": {"denominator"}, "I": set(), "": set()},
        "AST007": {"F": {"pcas"}, "M": {"pcas"}, "I": set(), "": set()},
    }
    assert hidden == {code: expected[code] for code in asked}


def test_line_9_what_the_page_says_of_which_counts_are_hidden() -> None:
    """7 and the first 20 of 7, 20, 20 and 30 are hidden, as the page on small numbers has it."""
    groups = pcas(7, 20, 20, 30)
    hidden = suppress(total(groups), {"month": Line(groups)}, DEFAULT)
    assert hidden == Hidden(frozenset(), {"month": {(0, "00"): PCAS, (0, "01"): PCAS}})
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "small-numbers.md").read_text(encoding="utf-8")
    assert "PCAs of 7, 20, 20 and 30 show as" in page
