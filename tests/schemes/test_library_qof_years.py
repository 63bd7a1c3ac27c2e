"""QOF England 2019-20 and 2023-24 to 2025-26 in the library, against published totals and summaries of changes."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

import remit
from remit.scheme import Scheme, load_scheme
from remit.scheme.kinds import Boolean, Linear, Protected
from remit.scheme.model import Item
from remit.scheme.numbers import numbers

YEARS = ("2019-20", "2023-24", "2024-25", "2025-26")
RISEN = ["CHD015", "CHD016", "CHOL003", "CHOL004", "DM036", "HYP008", "HYP009", "STIA014", "STIA015"]


def qof(year: str) -> Scheme:
    return load_scheme(f"qof-england-{year}")


def codes(scheme: Scheme) -> set[str]:
    return {item.item for item in scheme.items}


def points(scheme: Scheme, which: set[str] | None = None) -> Fraction:
    chosen = [item for item in scheme.items if which is None or item.item in which]
    return sum((item.kind.most_earned() or Fraction(0) for item in chosen), Fraction(0))


def protected(scheme: Scheme) -> list[Item]:
    return [item for item in scheme.items if isinstance(item.kind, Protected)]


@pytest.mark.parametrize(
    ("year", "items", "total", "domains"),
    [
        ("2019-20", 68, 559, {"clinical": 379, "public_health": 106, "quality_improvement": 74}),
        (
            "2023-24",
            76,
            635,
            {
                "clinical": 401,
                "public_health": 85,
                "vaccination_and_immunisation": 64,
                "additional_services": 11,
                "quality_improvement": 74,
            },
        ),
        (
            "2024-25",
            76,
            635,
            {
                "clinical": 401,
                "public_health": 85,
                "vaccination_and_immunisation": 64,
                "additional_services": 11,
                "quality_improvement": 74,
            },
        ),
        (
            "2025-26",
            44,
            564,
            {"clinical": 437, "public_health": 52, "vaccination_and_immunisation": 64, "additional_services": 11},
        ),
    ],
)
def test_a_year_has_its_published_items_and_points(year: str, items: int, total: int, domains: dict[str, int]) -> None:
    scheme = qof(year)
    assert len(codes(scheme)) == len(scheme.items) == items
    assert points(scheme) == total
    found: Counter[str] = Counter()
    for item in scheme.items:
        found[item.domain] += int(item.kind.most_earned() or 0)
    assert found == domains
    # The file states them too, so a slip in it is refused when it is loaded.
    assert scheme.totals.points is not None
    assert scheme.totals.items is not None
    assert (scheme.totals.items.known(), scheme.totals.points.known()) == (items, total)
    assert {name: total.known() for name, total in scheme.totals.domains.items()} == domains


# ---- the published summaries of changes ----


def test_2019_20_retires_28_and_brings_15_and_quality_improvement() -> None:
    before, after = qof("2018-19"), qof("2019-20")
    retired, new = codes(before) - codes(after), codes(after) - codes(before)
    improvement = {item.item for item in after.items if item.domain == "quality_improvement"}
    assert (len(retired), points(before, retired)) == (28, 175)
    assert (len(new - improvement), points(after, new - improvement)) == (15, 101)
    assert improvement == {"QI001", "QI002", "QI003", "QI004"}
    assert points(after, improvement) == 74 == 27 + 10 + 27 + 10
    kept = codes(before) & codes(after)
    assert points(before, kept) == points(after, kept) == 559 - 175
    for code in kept:
        assert before.item(code).kind.words() == after.item(code).kind.words()
        assert before.item(code).weights == after.item(code).weights


def test_2023_24_pays_registers_at_the_points_of_2022_23() -> None:
    scheme = qof("2023-24")
    registers = {indicator.indicator for indicator in scheme.indicators if indicator.type == "register"}
    assert {item.item for item in protected(scheme)} == registers
    assert (len(registers), points(scheme, registers)) == (19, 81)
    assert {str(item.kind.of) for item in protected(scheme) if isinstance(item.kind, Protected)} == {"2022-23"}


def test_2024_25_protects_32_items_worth_212_points() -> None:
    scheme = qof("2024-25")
    kept = {item.item: item for item in protected(scheme)}
    types = {code: scheme.indicator(code).type for code in kept}
    registers = {code for code, kind in types.items() if kind == "register"}
    improvement = {code for code, kind in types.items() if kind == "declared"}
    others = set(kept) - registers - improvement
    assert (len(kept), points(scheme, set(kept))) == (32, 212)
    assert (len(registers), points(scheme, registers)) == (19, 81)
    assert (len(improvement), points(scheme, improvement)) == (6, 74)
    assert others == {"AST008", "COPD014", "DEP004", "MH021", "CAN004", "CAN005", "SMOK005"}
    assert points(scheme, others) == 57
    assert {item.measure for item in kept.values()} == {"historic"}
    assert {str(item.kind.of) for item in kept.values() if isinstance(item.kind, Protected)} == {"2023-24"}


def test_2024_25_changes_nothing_else_but_cholesterol() -> None:
    before, after = qof("2023-24"), qof("2024-25")
    assert codes(before) - codes(after) == {"CHOL001", "CHOL002"}
    assert codes(after) - codes(before) == {"CHOL003", "CHOL004"}
    kept = {item.item for item in protected(after)}
    for code in (codes(before) & codes(after)) - kept:
        assert before.item(code).kind.words() == after.item(code).kind.words()
    for code in codes(before) & codes(after):
        assert before.item(code).kind.most_earned() == after.item(code).kind.most_earned()
        assert before.item(code).weights == after.item(code).weights


def test_2025_26_retires_what_was_protected_and_moves_141_points() -> None:
    before, after = qof("2024-25"), qof("2025-26")
    kept = {item.item for item in protected(before)}
    assert kept.isdisjoint(codes(after))
    assert points(before, kept) == 212 == 71 + 141
    then = {"DM036": "DM033"}
    assert points(before, {then.get(code, code) for code in RISEN}) == 81
    assert points(after, set(RISEN)) == 222 == 81 + 141
    assert points(after) == 564 == 635 - 212 + 141
    taken_over = {"AST012": "AST011", "DM034": "DM022", "DM035": "DM023"}
    assert codes(after) - codes(before) == {*taken_over, "DM036"}
    assert codes(before) - codes(after) - kept == {*taken_over.values(), "DM033"}
    for code in codes(after) - set(RISEN):
        assert after.item(code).kind.words() == before.item(taken_over.get(code, code)).kind.words()


def test_2025_26_leaves_the_lower_thresholds_and_raises_upper_ones() -> None:
    before, after = qof("2024-25"), qof("2025-26")
    for code in RISEN:
        old, new = before.item({"DM036": "DM033"}.get(code, code)).kind, after.item(code).kind
        assert isinstance(old, Linear)
        assert isinstance(new, Linear)
        assert new.lower.known() == old.lower.known()
        # CHOL003 asked for 95% already.
        assert new.upper.known() > old.upper.known() or code == "CHOL003"


# ---- where the numbers come from ----


@pytest.mark.parametrize(
    ("year", "bound", "standings"),
    [
        ("2019-20", "lower", {"unverified": 44, "inferred": 1}),
        ("2019-20", "upper", {"unverified": 44, "inferred": 1}),
        # 30 + 7 lower thresholds are carried back from 2025/26, 7 of them with another upper one; MH021's are required.
        # CHOL002's, and in 2024-25 those of HYP008 and CHOL004, are printed by QIF 2024/25.
        ("2023-24", "lower", {"inferred": 37, "unverified": 9, "verified": 4, "required": 1}),
        ("2023-24", "upper", {"inferred": 30, "unverified": 16, "verified": 4, "required": 1}),
        ("2024-25", "lower", {"inferred": 39, "unverified": 3, "verified": 2}),
        ("2024-25", "upper", {"inferred": 32, "unverified": 10, "verified": 2}),
        ("2025-26", "lower", {"verified": 44}),
        ("2025-26", "upper", {"verified": 44}),
    ],
)
def test_every_threshold_says_where_it_comes_from(year: str, bound: str, standings: dict[str, int]) -> None:
    found = [n for n in numbers(qof(year)) if n.path[-2:] == ("linear", bound)]
    assert Counter("required" if n.required else n.standing for n in found) == standings


# QIF 2024/25 prints these points of QOF 2024-25.
PRINTED_BY_QIF = {"HYP008", "CHOL004", "CKD005", "PC001"}


@pytest.mark.parametrize(
    ("year", "standing", "verified"),
    [
        ("2019-20", "verified", set()),
        ("2023-24", "verified", set()),
        ("2024-25", "inferred", PRINTED_BY_QIF),
        ("2025-26", "verified", set()),
    ],
)
def test_points_are_those_of_the_list_of_the_year(year: str, standing: str, verified: set[str]) -> None:
    scheme = qof(year)
    found = [n for n in numbers(scheme) if n.item and n.path[-1] == "points"]
    assert len(found) == len(scheme.items)
    assert {n.standing for n in found if n.item not in verified} == {standing}
    assert {n.item for n in found if n.standing == "verified"} >= verified


@pytest.mark.parametrize("year", YEARS)
def test_every_number_of_an_item_has_its_own_mark(year: str) -> None:
    scheme = qof(year)
    for item in scheme.items:
        kind = item.kind
        assert isinstance(kind, Boolean | Linear | Protected)
        amount = kind.points if isinstance(kind, Protected) else kind.amount
        given = [amount, kind.lower, kind.upper] if isinstance(kind, Linear) else [amount]
        assert all(q.required or q.source in scheme.sources for q in given), item.item


@pytest.mark.parametrize("year", YEARS)
def test_an_item_is_called_as_its_indicator(year: str) -> None:
    scheme = qof(year)
    assert {item.item: item.title for item in scheme.items} == {i.indicator: i.title for i in scheme.indicators}


# ---- money and weights ----


@pytest.mark.parametrize(
    ("year", "value", "before", "average", "standing", "share"),
    [
        ("2019-20", "187.74", "179.26", 8479, "verified", 70),
        ("2023-24", "213.43", "207.56", 9639, "verified", 70),
        ("2024-25", "220.62", "213.43", 9964, "verified", 80),
        ("2025-26", "225.49", "220.62", 10184, "inferred", 80),
    ],
)
def test_the_money_of_a_year(year: str, value: str, before: str, average: int, standing: str, share: int) -> None:
    scheme = qof(year)
    begins = int(year[:4])
    weight, advance = scheme.weights.list, scheme.terms.advances[0]
    assert scheme.point is not None
    assert weight is not None
    assert advance is not None
    assert advance.previous_point_value is not None
    assert (scheme.point.value.known(), weight.over.known()) == (Fraction(value), average)
    assert advance.previous_point_value.known() == Fraction(before)
    # The value per patient and point is frozen at 2.2142p from 2014-15 on.
    assert round(scheme.point.value.known() / weight.over.known(), 6) == Fraction("0.022142")
    assert advance.share.known() == Fraction(share, 100)
    # The nation's list is that of 1 January before the year, the practice's that of 1 January in it.
    assert (str(weight.over_at), str(weight.list.at)) == (f"{begins}-01-01", f"{begins + 1}-01-01")
    assert scheme.terms.balance.due == f"{begins + 1}-06-30"
    assert str(scheme.achievement_date) == f"{begins + 1}-03-31"
    known = {n.path: n.standing for n in numbers(scheme) if not n.item}
    assert known["point", "value"] == "verified"
    assert known["weights", "list", "over"] == standing


def test_2025_26_weighs_462_of_564_points_by_prevalence() -> None:
    scheme = qof("2025-26")
    weighed = {item.item for item in scheme.items if "prevalence" in item.weights}
    assert points(scheme, weighed) == 462
    rest = codes(scheme) - weighed
    assert rest == {"BP002", "SMOK004", "CS005", "CS006", "VI001", "VI002", "VI003", "VI004"}
    assert points(scheme, rest) == 102 == 15 + 12 + 11 + 64
    assert {"CHOL003", "CHOL004", "SMOK002"} <= weighed


@pytest.mark.parametrize("year", YEARS)
def test_which_items_take_which_weights(year: str) -> None:
    scheme = qof(year)
    assert all("list" in item.weights for item in scheme.items)
    assert {i.item for i in scheme.items if "target_population" in i.weights} == {"CS005", "CS006"}
    assert {i.weights for i in scheme.items if i.domain in ("quality_improvement", "vaccination_and_immunisation")} <= {
        ("list",)
    }


@pytest.mark.parametrize("year", YEARS)
def test_what_the_sources_do_not_give_is_asked_for(year: str) -> None:
    scheme = qof(year)
    assert scheme.terms.recovery.months.required
    assert {name for name, parameter in scheme.parameters.items() if parameter.default is None} == {
        "notified",
        "joiners",
        "leavers",
        "mergers",
    }


@pytest.mark.parametrize("year", YEARS)
def test_two_invitations_and_three_for_cervical_screening(year: str) -> None:
    said = " ".join(qof(year).obligations["personalised_care_adjustments"].split())
    assert "two" in said
    assert "three" in said
    assert "ervical screening" in said


# ---- a year at full points ----


def full_year(year: str, folder: Path) -> remit.Run:
    """A practice of the average list whose registers and lists are the nation's, with everything achieved."""
    scheme = qof(year)
    assert scheme.weights.list is not None
    average = int(scheme.weights.list.over.known())
    counts = ["practice_code,indicator_code,measure,value", "A1,*,HISTORIC_POUNDS,90000"]
    national = ["group_code,register,list_size"]
    for n, group in enumerate(scheme.groups, 101):
        counts += [f"A1,{group.group},REGISTER,{n}", f"A1,{group.group},LIST_SIZE,{average - n}"]
        national.append(f"{group.group},{n * 7000},{(average - n) * 7000}")
    for item in scheme.items:
        if item.measure == "achievement":
            counts += [f"A1,{item.item},NUMERATOR,77", f"A1,{item.item},DENOMINATOR,77"]
        elif item.measure == "declared":
            counts.append(f"A1,{item.item},DECLARED,1")
        elif item.measure == "historic":
            counts.append(f"A1,{item.item},HISTORIC_POINTS,{item.kind.most_earned()}")
    for name, lines in (("counts", counts), ("national", national)):
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "practices.csv").write_text(
        f"practice_code,practice_name,list_size\nA1,Average,{average}\n", encoding="utf-8"
    )
    return remit.run(scheme, folder / "practices.csv", folder / "counts.csv", national=folder / "national.csv")


@pytest.mark.parametrize(
    ("year", "pence"),
    [
        ("2019-20", 10_494_666),  # 559 × 187.74
        ("2024-25", 14_009_370),  # 635 × 220.62
        ("2025-26", 12_717_636),  # 564 × 225.49, as primarycareit prints it: £127,176.36
    ],
)
def test_full_points_pay_the_average_practice_the_total(year: str, pence: int, tmp_path: Path) -> None:
    result = full_year(year, tmp_path).practice("A1")
    assert (result.status, result.pence) == ("final", pence)
    assert sum(award.earned or 0 for award in result.awards) == points(qof(year))


def test_2023_24_waits_for_the_thresholds_of_mh021(tmp_path: Path) -> None:
    result = full_year("2023-24", tmp_path).practice("A1")
    waiting = [award for award in result.awards if award.pence is None]
    assert [award.item.item for award in waiting] == ["MH021"]
    assert "must be supplied" in waiting[0].reason
    assert result.status == "provisional"
    assert result.pence == 629 * 21_343  # 635 less MH021's 6 points
