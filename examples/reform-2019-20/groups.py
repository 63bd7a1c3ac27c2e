"""Who lost and who gained: points and pounds of each CCG by what was retired, new, or quality improvement."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from compare import Boundaries, Compared, rows
from money import Money
from predict import Key, Prediction, Row

FIFTHS = 5


@dataclass(frozen=True)
class Parts:
    """Three sets of indicators: retired, new (other than quality improvement) and quality improvement."""

    retired: frozenset[str]
    new: frozenset[str]
    improvement: frozenset[str]
    retained: frozenset[str]


def parts_of(earlier: Mapping[Key, Row], later: Mapping[Key, Row]) -> Parts:
    """By which indicators each year's file has."""
    before, after = {code for _, code in earlier}, {code for _, code in later}
    improvement = frozenset(code for code in after - before if code.startswith("QI"))
    return Parts(
        frozenset(before - after), frozenset(after - before - improvement), improvement, frozenset(before & after)
    )


def points_available(published: Mapping[Key, Row], codes: frozenset[str]) -> int:
    """Points of one practice for some indicators."""
    total = sum({code: row.most for (_, code), row in published.items() if code in codes}.values())
    assert total.denominator == 1
    return int(total)


@dataclass(frozen=True)
class Area:
    """A CCG of 2019-20: its practices and patients in both years; points and pence lost and earned, of all practices.

    `deprivation` is the mean IMD 2019 score of its practices by patients, `rural` the share of its practices that are
    rural; each is None where nothing is known.
    """

    code: str
    practices: tuple[int, int]
    patients: tuple[int, int]
    lost: tuple[float, int]
    earned: tuple[float, int]
    improvement: tuple[float, int]
    retained: tuple[tuple[float, int], tuple[float, int]]
    deprivation: float | None
    rural: float | None

    @property
    def net_points(self) -> float:
        """Per practice: earned on the new ones and quality improvement, less what the retired ones had brought."""
        return (self.earned[0] + self.improvement[0]) / self.practices[1] - self.lost[0] / self.practices[0]

    @property
    def net_pence(self) -> float:
        """The same in pence per patient."""
        return (self.earned[1] + self.improvement[1]) / self.patients[1] - self.lost[1] / self.patients[0]

    @property
    def mean_list(self) -> float:
        return self.patients[1] / self.practices[1]


def areas(
    data: Path, prediction: Prediction, compared: Compared, where: Boundaries, money: tuple[Money, Money]
) -> list[Area]:
    """Each CCG of 2019-20; the earlier CCGs that became it are added up, each whole to where most of it went."""
    parts = parts_of(prediction.rows, compared.later)
    before, after = money
    to = where_most_went(where)
    came_from: dict[str, list[str]] = defaultdict(list)
    for ccg in sorted({ccg for ccg, _ in prediction.rows}):
        came_from[to[ccg]].append(ccg)
    scores, rural = _deprivation(data, where), _rural(data, where)
    found = []
    for ccg in compared.ccgs:
        old = came_from[ccg]
        found.append(
            Area(
                ccg,
                (_practices(prediction.rows, old), _practices(compared.later, [ccg])),
                (sum(before.lists[one] for one in old), after.lists[ccg]),
                _both(prediction.rows, before, old, parts.retired),
                _both(compared.later, after, [ccg], parts.new),
                _both(compared.later, after, [ccg], parts.improvement),
                (
                    _both(prediction.rows, before, old, parts.retained),
                    _both(compared.later, after, [ccg], parts.retained),
                ),
                scores.get(ccg),
                rural.get(ccg),
            )
        )
    return found


def _practices(published: Mapping[Key, Row], ccgs: Sequence[str]) -> int:
    return sum({ccg: row.practices for (ccg, _), row in published.items() if ccg in ccgs}.values())


def _both(published: Mapping[Key, Row], money: Money, ccgs: Sequence[str], codes: frozenset[str]) -> tuple[float, int]:
    points = sum(published[ccg, code].points for ccg in ccgs for code in sorted(codes))
    return float(points), sum(money.of(ccg, codes) for ccg in ccgs)


def where_most_went(where: Boundaries) -> dict[str, str]:
    """By the earlier CCG, the later one that most of its practices are in."""
    went: dict[str, Counter[str]] = defaultdict(Counter)
    for later, of in where.parts.items():
        for earlier, n in of.items():
            went[earlier][later] += n
    return {earlier: to.most_common(1)[0][0] for earlier, to in went.items()}


def _deprivation(data: Path, where: Boundaries) -> dict[str, float]:
    lists = {
        row["practice_code"]: int(row["list_size"])
        for row in rows(data / "qof_published/qof_practice_prevalence_2018-19.csv")
        if row["group_code"] == "AF"
    }
    table = rows(data / "practice_reference/practice_imd_score_2010_2015_2019.csv")
    scores = {row["AreaCode"]: float(row["Value"]) for row in table if row["Year"] == "2019"}
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for practice, ccg in sorted(where.later.items()):
        if practice in scores and practice in lists:
            sums[ccg][0] += scores[practice] * lists[practice]
            sums[ccg][1] += lists[practice]
    return {ccg: top / below for ccg, (top, below) in sums.items()}


def _rural(data: Path, where: Boundaries) -> dict[str, float]:
    table = rows(data / "payments/nhs_payments_to_general_practice_2019-20.csv")
    kinds = {row["Practice Code"]: row["Practice Rurality"] for row in table}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for practice, ccg in where.later.items():
        counts[ccg][kinds.get(practice, "")] += 1
    known = {ccg: (of["Rural"], of["Rural"] + of["Urban"]) for ccg, of in counts.items()}
    return {ccg: some / all_ for ccg, (some, all_) in known.items() if all_}


def fifths(found: Sequence[Area], by: Callable[[Area], float | None]) -> list[list[Area]]:
    """The CCGs in five groups of as many each, from the least to the most; those of which nothing is known are out."""
    order = sorted((area for area in found if by(area) is not None), key=lambda area: (by(area) or 0.0, area.code))
    ends = [round(len(order) * n / FIFTHS) for n in range(FIFTHS + 1)]
    return [order[start:end] for start, end in pairwise(ends)]


@dataclass(frozen=True)
class Together:
    """Several CCGs as one: points per practice, and pounds per patient and per practice of that group."""

    lost: float
    earned: float
    improvement: float
    retained: float
    net: float
    lost_pounds: float
    earned_pounds: float
    improvement_pounds: float
    retained_pounds: float
    net_pounds: float


def together(found: Sequence[Area]) -> Together:
    """Points of the average practice and pounds per patient; `retained` is the change from year to year."""
    practices = [sum(area.practices[n] for area in found) for n in (0, 1)]
    patients = [sum(area.patients[n] for area in found) for n in (0, 1)]

    def each(which: Callable[[Area], tuple[float, int]], year: int) -> tuple[float, float]:
        points = sum(which(area)[0] for area in found) / practices[year]
        return points, sum(which(area)[1] for area in found) / 100 / patients[year]

    lost, earned, improvement = each(lambda a: a.lost, 0), each(lambda a: a.earned, 1), each(lambda a: a.improvement, 1)
    before, after = each(lambda a: a.retained[0], 0), each(lambda a: a.retained[1], 1)
    changes = [(lost[n], earned[n], improvement[n], after[n] - before[n], earned[n] + improvement[n] - lost[n])
               for n in (0, 1)]  # fmt: skip
    return Together(*changes[0], *changes[1])
