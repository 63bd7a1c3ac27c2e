"""The kind: pounds in a column that do not add up, because each row is priced as if it were the next.

The list's pounds are those of a run: over all rows they are what a run pays with everybody on the list done, less what
it pays now, for each item. The table has every way in which one gap's pounds depend on another's; a property tries
others. Seventeen men are in HYP008's denominator, five of them achieved; seven women in CS005's, three achieved.
"""

from __future__ import annotations

import csv
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.profiles import examples
from tests.unit.made_worklists import LOCAL, evaluated, listed, records

import remit
from remit.documents.worklist import words
from remit.documents.worklist.csv import as_csv
from remit.worklist.model import Worklist

HEAD = LOCAL.partition("items:")[0] + (
    "heads: {column: list_size, called: registered list, at: 2024-01-01}\nitems:\n"
)  # 1,000 patients; £100 a point
HYP = "{item: HYP, title: Pressure, indicator: HYP008, measure: achievement, "
CS = "{item: CS, title: Smears, indicator: CS005, measure: achievement, "
SCHEMES = {
    "linear": [HYP + "pays: {linear: {points: 10, lower: 20%, upper: 80%}}}"],
    "the top is reached on the way": [HYP + "pays: {linear: {points: 10, lower: 20%, upper: 34%}}}"],
    "a step": [HYP + "pays: {steps: {most: 8p, steps: [above 40% pays 5p, above 60% pays 8p]}}}"],
    "a step that all of them do not reach": [HYP + "pays: {steps: {most: 8p, steps: [above 99% pays 8p]}}}"],
    "a gate": [
        HYP + "pays: {linear: {points: 10, lower: 20%, upper: 80%}}}",
        CS + "pays: {steps: {most: 8p, gate: HYP, tables: [{when: from 50%, steps: [above 40% pays 8p]}, "
        "{when: below 50%, steps: [above 40% pays 2p]}]}}}",
    ],
    "required": [
        HYP + "pays: {linear: {points: 10, lower: 40%, upper: 80%}}}",
        CS + "requires: [HYP], pays: {linear: {points: 5, lower: 20%, upper: 90%}}}",
    ],
    "a pot": [
        HYP + "pays: {linear: {points: 10, lower: 20%, upper: 80%}}}",
        CS + "pays: {linear: {points: 5, lower: 20%, upper: 90%}}}",
        "{item: POT, title: Pot, pays: {pot: {money: £500, items: [HYP, CS]}}}",
    ],
    "a blend": [
        HYP + "pays: {linear: {points: 10, lower: 20%, upper: 80%}}}",
        CS + "pays: {linear: {points: 5, lower: 20%, upper: 90%}}}",
        "{item: POT, title: Pot, pays: {pot: {money: £500, items: [HYP]}}}",
        "{item: B, title: Blend, pays: {blend: {parts: {POT: 50%, CS: 50%}}}}",
    ],
    "two items on one indicator": [
        HYP + "pays: {linear: {points: 10, lower: 20%, upper: 80%}}}",
        HYP.replace("item: HYP,", "item: AGAIN,") + "pays: {steps: {most: 8p, steps: [above 40% pays 8p]}}}",
    ],
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The practice's records: of each person born in 1980 or 1984 whether the care was given."""
    men = {f"m{n:02d}": n < 5 for n in range(17)}
    women = {f"w{n}": n < 3 for n in range(7)}
    patients = [f"{id_},1980-01-10,M,," for id_ in men] + [f"{id_},1984-02-10,F,," for id_ in women]
    events = [f"{id_},2015-01-10,HYP_COD,," for id_ in men]
    events += [f"{id_},2024-06-01,BP,128/78," for id_, done in men.items() if done]
    events += [f"{id_},2022-08-10,SMEAR_COD,," for id_, done in women.items() if done]
    return records(tmp_path_factory.mktemp("store"), "\n".join(patients), "\n".join(events))


def by_item(made: Worklist) -> Counter[str]:
    """The pence of all rows, by the item that pays them."""
    sums: Counter[str] = Counter()
    for entry in made.entries:
        for brought in entry.brings.values():
            sums.update({item: pence for (_, item), pence in brought.by_item.items()})
    return sums


def paid(folder: Path, scheme: Path, done: Counter[str]) -> dict[str, int]:
    """What a run pays for each item, with so many more achieved of each indicator than were evaluated."""
    indicator = {"HYP": "HYP008", "AGAIN": "HYP008", "CS": "CS005"}
    with (folder / "counts.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["measure"] == "NUMERATOR":
            row["provisional"] = ""  # a figure of our own has no mark of the evaluation's
            row["value"] = str(int(row["value"]) + done[indicator.get(row["indicator_code"], row["indicator_code"])])
    counts = scheme.with_name("done.csv")
    with counts.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    result = remit.run(scheme, folder / "practices.csv", counts, period="2024-12-31").practice("A1")
    return {award.item.item: award.pence or 0 for award in result.awards if not award.within}


def adds_up(folder: Path, store: Path, items: list[str]) -> Worklist:
    """The list of a scheme, held to a run: item by item, and its column of pounds."""
    out = evaluated(folder, store, HEAD + "\n".join(f"  - {item}" for item in items))
    made = listed(store, out)
    gaps = Counter(care.code for entry in made.entries for care in entry.of("gap"))
    now, then = (paid(out, folder / "scheme.yaml", done) for done in (Counter(), gaps))
    sums = by_item(made)
    assert {item: sums[item] for item in now} == {item: then[item] - now[item] for item in now}
    column = [row["worth_pounds"] for row in csv.DictReader(as_csv(made).splitlines())]
    assert sum(Fraction(cell) for cell in column if cell) * 100 == sum(then.values()) - sum(now.values())
    return made


@pytest.mark.parametrize("name", SCHEMES)
def test_worklist_pounds_add_up(name: str, store: Path, tmp_path: Path) -> None:
    adds_up(tmp_path, store, SCHEMES[name])


def test_the_next_patient_earns_it_then_nothing(store: Path, tmp_path: Path) -> None:
    """5 of 17 are 29.4%, and a sixth is past the upper threshold of 34%: 10 x (34 - 29.41) / 14 points are left, then
    nothing. 327.73 = £1,000 x (34% - 5/17) / 14%."""
    made = adds_up(tmp_path, store, SCHEMES["the top is reached on the way"])
    assert [words.worth_pounds(entry) for entry in made.of("gap") if "HYP008" in entry.brings] == ["327.73"] + [
        "0.00"
    ] * 11
    assert words.all_listed(made, "HYP008") == "£327.73: the next 1 patient earns it, then £0.00"
    second = [entry for entry in made.of("gap") if "HYP008" in entry.brings][1]
    assert words.worth(second) == "£0.00\n£327.73 if seen before those above"


def test_a_list_of_one_item_adds_up_by_itself(store: Path, tmp_path: Path) -> None:
    out = evaluated(tmp_path, store, HEAD + "\n".join(f"  - {item}" for item in SCHEMES["a gate"]))
    made = listed(store, out, indicators=("HYP008",))
    now, then = (paid(out, tmp_path / "scheme.yaml", Counter(HYP008=more)) for more in (0, 12))
    assert sum(by_item(made).values()) == sum(then.values()) - sum(now.values())
    assert {item for item, pence in by_item(made).items() if pence} == {"HYP", "CS"}  # the gate's pounds are in it


def test_a_gap_whose_worth_is_not_known_is_at_no_0_pounds(store: Path, tmp_path: Path) -> None:
    """Without national figures no weight of QOF is known, so no gap's pounds are once points are earned. 5 of 17 are
    29.4%: up to the lower threshold of 40%, the seventh of 17, a patient brings £0.00 for certain."""
    made = listed(store, evaluated(tmp_path, store, "qof-england-2024-25"), indicators=("HYP008",))
    rows = list(csv.DictReader(as_csv(made).splitlines()))
    assert [row["worth"] for row in rows] == ["known", *["not known"] * 11]
    assert [row["worth_pounds"] for row in rows] == ["0.00", *[""] * 11]
    assert words.all_listed(made, "HYP008") == "not known"


percents = st.integers(1, 99)


@st.composite
def kinds(draw: st.DrawFn) -> str:
    low, high = sorted(draw(st.lists(percents, min_size=2, max_size=2, unique=True)))
    points = draw(st.integers(1, 30))
    return draw(
        st.sampled_from([
            f"pays: {{linear: {{points: {points}, lower: {low}%, upper: {high}%}}}}",
            f"pays: {{steps: {{most: {points + 1}p, steps: [above {low}% pays {points}p, from {high}% pays "
            f"{points + 1}p]}}}}",
        ])
    )  # fmt: skip


@st.composite
def schemes(draw: st.DrawFn) -> list[str]:
    first, second = f"{HYP}{draw(kinds())}}}", draw(kinds())
    how, at = draw(st.sampled_from(["alone", "required", "gate", "again"])), draw(percents)
    if how == "gate":
        better, worse = sorted(draw(st.lists(st.integers(1, 9), min_size=2, max_size=2, unique=True)), reverse=True)
        tables = f"[{{when: from {at}%, steps: [above 40% pays {better}p]}}, {{when: below {at}%, "
        second = f"pays: {{steps: {{most: {better}p, gate: HYP, tables: {tables}steps: [above 40% pays {worse}p]}}]}}}}"
    items = [first, f"{CS}{'requires: [HYP], ' if how == 'required' else ''}{second}}}"]
    if how == "again":
        items.append(f"{HYP.replace('item: HYP,', 'item: AGAIN,')}{draw(kinds())}}}")
    return items


@pytest.mark.slow
@examples(0.3)
@given(schemes())
def test_whatever_the_scheme_the_column_is_a_run_less_todays(
    store: Path, tmp_path_factory: pytest.TempPathFactory, items: list[str]
) -> None:
    adds_up(tmp_path_factory.mktemp("scheme"), store, items)
