"""The counts under a reform, by hand: an item's parts, another timing, what practices would do otherwise."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from tests.unit.made_worklists import LOCAL, records

from remit.analysis.simulation import behaviour, stratified_counts, timing
from remit.core.figures import DENOMINATOR, NUMERATOR, PCAS, REGISTER, FigureKey
from remit.core.problems import Refused
from remit.disclosure.breakdowns import open_evaluation
from remit.evaluation.evaluator import Evaluator
from remit.evaluation.folder import write_evaluation
from remit.records.store import Store
from remit.rules.definitions import shipped
from remit.scheme import Scheme, load_scheme
from remit.scheme.reform_file import LoadedReform, load_reform
from remit.scheme.reform_model import Behaviour, Pull, Split, Timing
from remit.scoring.achievement import Subjects
from remit.terminology.sets import demonstration

QOF = "qof-england-2018-19"
PARTS = """
stratify:
  DM009:
    by: frailty
    into:
      DM009-FIT: {of: [none recorded, fit, mild], pays: {linear: {points: 6}}}
      DM009-FRAIL: {of: [moderate, severe], pays: {linear: {points: 4}}}
"""
SPLIT = """
    counts:
      split:
        source: a clinical audit
        parts: {DM009-FIT: {share: 80%}, DM009-FRAIL: {share: 20%, difference: -10pp}}
"""


def reform(folder: Path, text: str, of: str = QOF) -> LoadedReform:
    path = folder / "reform.yaml"
    path.write_text(f"reform: mine\ntitle: Mine\nof: {of}\n{text}\n", encoding="utf-8")
    return load_reform(path)


def counted(item: str, numerator: int, denominator: int, pcas: int | None = None) -> Subjects:
    figures: dict[FigureKey, int | Fraction] = {NUMERATOR: numerator, DENOMINATOR: denominator}
    return {item: {**figures, **({PCAS: pcas} if pcas is not None else {})}}


# Parts by a stated split.


@pytest.mark.parametrize(
    ("whole", "targets", "shares"),
    [
        (10, [5, 5], [5, 5]),
        (7, [Fraction(7, 2), Fraction(7, 2)], [4, 3]),  # the odd one to the first of equals
        (5, [Fraction(7, 2), Fraction(3, 2)], [4, 1]),
        (1, [Fraction(1, 3)] * 3, [1, 0, 0]),
        (0, [0, 0], [0, 0]),
        (4, [6, Fraction(1, 2)], [4, 0]),  # too many: taken from the one that is furthest above its target
    ],
)
def test_parts_add_up_to_the_whole(whole: int, targets: list[Fraction], shares: list[int]) -> None:
    found = stratified_counts.apportioned(whole, [Fraction(one) for one in targets])
    assert sum(found) == whole
    assert found == shares


def test_no_part_achieves_more_than_its_patients() -> None:
    assert stratified_counts.apportioned(9, [Fraction(8), Fraction(1)], [5, 4]) == [5, 4]


def test_a_split_keeps_the_wholes_achievement() -> None:
    """100 patients, 70 achieved: 80 and 20. Ten points between the parts, two of them the mean (0.2 × 10): 72% of 80 is
    57.6, 62% of 20 is 12.4; 57 and 12, and the one that is left to the 57.6, which is furthest below."""
    split = Split.model_validate(
        {"source": "x", "parts": {"A": {"share": "80%"}, "B": {"share": "20%", "difference": "-10pp"}}}
    )
    found = stratified_counts.split_counts(split, 100, 70, 9)
    assert found["A"] == {DENOMINATOR: 80, NUMERATOR: 58, PCAS: 7}  # 7.2 and 1.8 of 9: 7 and 2
    assert found["B"] == {DENOMINATOR: 20, NUMERATOR: 12, PCAS: 2}


@pytest.mark.parametrize("denominator", range(40))
def test_a_split_adds_up_for_every_practice(denominator: int) -> None:
    split = Split.model_validate(
        {
            "source": "x",
            "parts": {
                "A": {"share": "70%"},
                "B": {"share": "27%", "difference": "-30pp"},
                "C": {"share": "3%", "difference": "+50pp"},
            },
        }
    )
    for numerator in range(denominator + 1):
        found = stratified_counts.split_counts(split, denominator, numerator, denominator // 3)
        for key, whole in ((DENOMINATOR, denominator), (NUMERATOR, numerator), (PCAS, denominator // 3)):
            assert sum(part[key] for part in found.values()) == whole
        assert all(0 <= part[NUMERATOR] <= part[DENOMINATOR] for part in found.values())


def test_every_practice_gets_its_parts_and_the_source_is_said(tmp_path: Path) -> None:
    one = reform(tmp_path, PARTS + SPLIT)
    found = stratified_counts.part_counts(one, {"A1": counted("DM009", 70, 100), "B2": {}})
    assert found.figures["A1"]["DM009-FRAIL", NUMERATOR] == 12
    assert found.lacking == {"DM009": ("B2",)}
    assert "Source: a clinical audit." in found.sentences[0]
    assert "DM009-FRAIL 20% of the denominator, −10 percentage points" in found.sentences[0]
    assert "no counts of the parts of DM009 for B2" in found.sentences[1]


def test_without_counts_what_is_missing_is_named(tmp_path: Path) -> None:
    for text in (PARTS, f"{PARTS}    counts: supplied\n", f"{PARTS}    counts: records\n"):
        with pytest.raises(Refused) as refused:
            stratified_counts.part_counts(reform(tmp_path, text), {"A1": counted("DM009", 70, 100)})
        assert "DM009 becomes DM009-FIT and DM009-FRAIL, and their counts are missing." in str(refused.value)
        assert "DENOMINATOR and NUMERATOR of DM009-FIT and DM009-FRAIL" in str(refused.value)


def test_supplied_parts_are_used_and_a_difference_is_seen(tmp_path: Path) -> None:
    one = reform(tmp_path, f"{PARTS}    counts: supplied\n")
    run = {"A1": counted("DM009", 70, 100), "B2": counted("DM009", 7, 10)}
    supplied = {
        "A1": {**counted("DM009-FIT", 60, 80), **counted("DM009-FRAIL", 10, 20)},
        "B2": {**counted("DM009-FIT", 6, 8), **counted("DM009-FRAIL", 0, 2)},
    }
    found = stratified_counts.part_counts(one, run, supplied)
    assert found.figures["A1"]["DM009-FIT", NUMERATOR] == 60
    assert stratified_counts.differing(one, found, run) == ("B2",)  # 6 + 0 is not 7


# Parts from records, and another timing: three men with high blood pressure.

PEOPLE = """
june,1980-01-10,M,,
winter,1980-01-10,M,,
never,1940-01-10,M,,
"""
READINGS = """
june,2015-01-10,HYP_COD,,
june,2024-06-15,BP,128/78,
winter,2015-01-10,HYP_COD,,
winter,2024-02-12,BP,128/78,
never,2015-01-10,HYP_COD,,
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    people = PEOPLE.replace("1940", "1950")
    return Store(records(tmp_path_factory.mktemp("records"), people, READINGS, last_day="2025-03-31"))


@pytest.fixture(scope="module")
def scheme(tmp_path_factory: pytest.TempPathFactory) -> Scheme:
    path = tmp_path_factory.mktemp("scheme") / "local.yaml"
    path.write_text(LOCAL, encoding="utf-8")
    return load_scheme(path)


def under(text: dict[str, object], scheme: Scheme, store: Store, work: Path) -> timing.TimedCounts:
    given = timing.Records(store, demonstration(), shipped(), work)
    return timing.counts_under(Timing.model_validate(text), scheme, ["A1"], given)


@pytest.mark.parametrize(
    ("text", "achieved"),
    [
        ({"window": "12 months"}, None),  # no rule of the scheme looks back 15
        ({"window": "15 months"}, 2),  # 12 February 2024 is within 15 months of 31 March 2025, and not within 12
        ({"year_end": "2024-12-31"}, 2),  # both within the year up to 31 December
        ({"year_end": "2024-06-01"}, 1),  # June's has not come
        ({"year_end": "2025-03-31"}, 1),  # as the scheme has it
        ({"staggered": ["2024-12-31", "2025-03-31"]}, 2),  # A1 is the first practice: the first day
        ({"rolling": "quarter ends"}, 2),  # 2, 2, 2 and 1: 1.75
    ],
)
def test_counts_at_another_time(
    text: dict[str, object], achieved: int | None, scheme: Scheme, store: Store, tmp_path: Path
) -> None:
    if achieved is None:
        with pytest.raises(Refused, match="no indicator of local-worklist looks back 15 months"):
            under(text, scheme, store, tmp_path)
        return
    found = under(text, scheme, store, tmp_path)
    assert found.figures["A1"]["HYP008", NUMERATOR] == achieved
    assert found.figures["A1"]["HYP008", DENOMINATOR] == 3


def test_without_records_another_timing_is_refused(scheme: Scheme) -> None:
    with pytest.raises(Refused) as refused:
        timing.counts_under(Timing.model_validate({"rolling": "quarter ends"}), scheme, ["A1"], None)
    assert "cannot say what the four quarter ends would count: that needs the records." in str(refused.value)
    assert "Give the store of records" in str(refused.value)


def test_practices_are_given_days_in_turn_by_their_codes(scheme: Scheme) -> None:
    days = timing.days_of(
        Timing.model_validate({"staggered": ["2024-12-31", "2025-03-31"]}), scheme, ["C3", "A1", "B2"]
    )
    assert {code: str(own[0]) for code, own in days.items()} == {
        "A1": "2024-12-31", "B2": "2025-03-31", "C3": "2024-12-31",
    }  # fmt: skip


def test_records_that_end_before_a_day_and_practices_without_records_are_named(
    scheme: Scheme, store: Store, tmp_path: Path
) -> None:
    given = timing.Records(store, demonstration(), shipped(), tmp_path)
    found = timing.counts_under(Timing.model_validate({"year_end": "2025-06-30"}), scheme, ["A1", "B2"], given)
    assert found.warnings == (
        "The records of A1 end before 30 June 2025: what came later is not counted.",
        "The store has no records of B2: their counts stay as they are.",
    )


def test_a_wider_window_leaves_adjustments_as_they_are() -> None:
    scheme = load_scheme("qif-2024-25")
    known, widened = timing.windowed(shipped(), scheme, Timing.model_validate({"window": "15 months"}))
    assert "HYP008" in widened
    texts = {rule.number: str(rule.condition) for rule in known.indicators["HYP008"].rules}
    before = {rule.number: str(rule.condition) for rule in shipped().indicators["HYP008"].rules}
    assert "amount=-15" in texts[2]  # success
    assert {n for n in texts if texts[n] != before[n]} == {2}


@pytest.mark.parametrize(
    ("day", "first"), [(date(2024, 12, 31), date(2024, 1, 1)), (date(2024, 2, 29), date(2023, 3, 1))]
)
def test_the_period_is_the_year_up_to_the_day(scheme: Scheme, day: date, first: date) -> None:
    moved = timing.moved_to(scheme, day)
    assert moved.period() == (first, day)


def test_a_mean_is_in_whole_patients_half_up() -> None:
    key = ("X", REGISTER)
    assert [timing.mean_counts([{key: a}, {key: b}])[key] for a, b in ((1, 2), (2, 2), (0, 1), (0, 0))] == [2, 2, 1, 0]


def test_parts_are_counted_from_records_by_age(scheme: Scheme, store: Store, tmp_path: Path) -> None:
    """Two are 45, one is 75; the two of 45 are june, who achieved, and winter, who did not."""
    local = tmp_path / "local.yaml"
    local.write_text(LOCAL, encoding="utf-8")
    text = """
stratify:
  HYP008:
    by: age
    into:
      HYP008-U65: {of: [45-54], pays: {linear: {points: 6}}}
      HYP008-65: {of: [75-84], pays: {linear: {points: 4}}}
    counts: records
"""
    one = reform(tmp_path, text, of="local.yaml")
    evaluator = Evaluator(scheme, store, demonstration(), shipped(), date(2025, 3, 31))
    write_evaluation(evaluator, tmp_path / "evaluation")
    evaluation = open_evaluation(tmp_path / "evaluation")
    run = {"A1": counted("HYP008", 1, 3), "B2": counted("HYP008", 1, 3)}
    found = stratified_counts.part_counts(one, run, None, evaluation)
    assert {(part, str(key)): value for (part, key), value in found.figures["A1"].items()} == {
        ("HYP008-U65", "DENOMINATOR"): 2, ("HYP008-U65", "NUMERATOR"): 1, ("HYP008-U65", "PCAS"): 0,
        ("HYP008-65", "DENOMINATOR"): 1, ("HYP008-65", "NUMERATOR"): 0, ("HYP008-65", "PCAS"): 0,
    }  # fmt: skip
    assert found.lacking == {"HYP008": ("B2",)}
    assert stratified_counts.differing(one, found, run) == ()
    with pytest.raises(Refused) as refused:
        stratified_counts.part_counts(
            reform(tmp_path, text.replace("75-84", "85 and over"), "local.yaml"), run, None, evaluation
        )
    assert "HYP008 by age: patients of '75-84' (1) are in none of HYP008-U65 and HYP008-65." in str(refused.value)


# Behaviour.


def test_no_behaviour_is_the_default(tmp_path: Path) -> None:
    found = behaviour.under(reform(tmp_path, "retire: [HYP006]"), {"A1": counted("HYP006", 70, 100)})
    assert (found.figures, found.recorded, found.sentences) == ({}, (), ())


@pytest.mark.parametrize(
    ("name", "after"),
    [
        ("lester-2010", 68),  # 97% of 70 is 67.9
        ("lester-2010: 3", 64),  # 70 × 0.97³ = 63.887…
        ("scotland-mental-health", 30),  # 70 − 40.2
        ("scotland-diabetic-foot", 47),  # 70 − 22.8 = 47.2
        ("stable", 70),
    ],
)
def test_recorded_care_of_a_retired_item_falls(tmp_path: Path, name: str, after: int) -> None:
    one = reform(tmp_path, f'retire: [HYP006]\nbehaviour: {{decline_after_retirement: "{name}"}}')
    found = behaviour.under(one, {"A1": counted("HYP006", 70, 100)})
    assert [(item.item, item.before, item.after, item.denominator) for item in found.recorded] == [
        ("HYP006", 70, after, 100)
    ]
    assert found.figures == {}, "no payment changes"
    assert "Source: " in found.sentences[0]
    assert any("It did not fall" in line for line in found.evidence), "with the contrary evidence"


def test_nobody_falls_below_nothing() -> None:
    assert behaviour.declined(behaviour.decline_figure("scotland-mental-health"), 3, 10, 100) == 0


@pytest.mark.parametrize(
    ("numerator", "after"),
    [
        (40, 45),  # points begin above 48% now: 49 patients, 9 missing, half of them 4.5
        (60, 72),  # next is 83%: 23 missing, half of them 11.5
        (83, 83),  # at the upper threshold
        (90, 90),
    ],
)
def test_practices_are_pulled_towards_the_next_threshold(tmp_path: Path, numerator: int, after: int) -> None:
    one = reform(tmp_path, "thresholds: {HYP006: +3pp}")  # 45 to 80 per cent before
    pull = Pull.model_validate({"strength": "50%", "source": "a panel of five practices"})
    found = behaviour.under(one, {"A1": counted("HYP006", numerator, 100)}, Behaviour(pull_towards_threshold=pull))
    assert found.figures.get("A1", {}).get(("HYP006", NUMERATOR), numerator) == after
    assert [item.item for item in found.recorded] == ["HYP006"], "only where thresholds move"
    assert "strength as stated: a panel of five practices" in found.sentences[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lester", "Did you mean lester-2010?"),
        ("lester-2010: 30", "are for 1 to 10 years"),
        ("scotland-diabetic-foot: 1", "are for 3 years"),
    ],
)
def test_figures_that_there_are_not_are_refused(tmp_path: Path, text: str, words: str) -> None:
    one = reform(tmp_path, f'retire: [HYP006]\nbehaviour: {{decline_after_retirement: "{text}"}}')
    with pytest.raises(Refused, match=words):
        behaviour.under(one, {})


@pytest.mark.parametrize(
    ("text", "words"),
    [("optimism", "names no behaviour"), ("pull-towards-threshold=20%", "Its strength needs a source")],
)
def test_a_command_names_only_what_there_is(text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        behaviour.behaviour_from(text)
    assert behaviour.behaviour_from("none") == Behaviour()
    assert behaviour.behaviour_from("decline-after-retirement=stable").decline_after_retirement == "stable"
