"""The result tables: their columns, and a practice's rows in their order (practice code, then the scheme's items)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from remit.core.rounding import exact_text, pence_text, ratio_text
from remit.pricing.award import Award
from remit.runs.networks import Pool
from remit.runs.results import MERGED, PracticeResult
from remit.scoring.achievement import Achievement

ACHIEVEMENT = (
    "practice_code", "scheme_id", "indicator_code", "definition", "scored", "measure",
    "numerator", "denominator", "pcas", "register", "list_size", "achievement", "reason",
)  # fmt: skip
AWARD = (
    "practice_code", "indicator_code", "numerator", "denominator", "achievement",
    "points_available", "points", "pounds", "review", "reason",
)  # fmt: skip
PAYMENT = ("practice_code", "status", "pounds", "paid_in_advance", "balance", "recovery", "reason")
SCHEDULE = ("practice_code", "due_date", "kind", "pounds")
LEDGER = ("transaction", "date", "account", "practice_code", "pounds", "memo")
TOTALS = ("practice_code", "pounds", "pounds_at_apdf_1", "items", "items_without_pounds")

COLUMNS = {
    "achievement.csv": ACHIEVEMENT,
    "award.csv": AWARD,
    "payment.csv": PAYMENT,
    "schedule.csv": SCHEDULE,
    "ledger.csv": LEDGER,
    "totals.csv": TOTALS,
}
DISTRIBUTION = (
    "network_code", "practice_code", "rule", "part_of_year", "assent", "contribution", "contribution_share",
    "pounds", "reason",
)  # fmt: skip
ITEM = "indicator_code"
"""The last column of distribution.csv where networks share out items one by one."""
MONITORING = (
    "practice_code", "indicator_code", "period", "achievement", "before", "change", "within", "significant",
    "people", "people_before", "people_change", "reason",
)  # fmt: skip
VERDICTS = ("practice_code", "verdict", "indicators", "compared", "below", "significantly", "words")
UNIT = ("level", "unit_code")
"""The columns that stand before the others in a run with networks or federations."""

_NUMERATOR, _DENOMINATOR, _ACHIEVEMENT = (
    ACHIEVEMENT.index(name) for name in ("numerator", "denominator", "achievement")
)

Row = list[str]


def percent_text(done: Achievement) -> str:
    """The achievement in per cent, up to six decimals; empty for yes and no, and where it is not known."""
    if done.denominator is None or done.rate is None:
        return ""
    return _percent_text(*done.rate.as_integer_ratio())


@lru_cache(4096)  # many practices have the same one
def _percent_text(numerator: int, denominator: int) -> str:
    return ratio_text(100 * numerator, denominator, most=6)


def points_text(award: Award) -> tuple[str, str]:
    """Points available and achieved, all their decimals up to twelve, at least two; empty where money is stepped."""
    kind, earned = award.item.kind, award.earned
    if kind.unit != "points":
        return "", ""
    available = kind.most_earned()
    most = "" if available is None else exact_text(available, 2)
    if earned is available:
        return most, most
    return most, "" if earned is None else exact_text(earned, 2)


def _money(pence: int | None) -> str:
    return "" if pence is None else pence_text(pence)


def columns(
    by_level: bool, networks: bool, monitored: bool, by_item: bool = False, judged: bool = False
) -> dict[str, tuple[str, ...]]:
    """The tables of a run with their columns, by the table's file. `by_item` says that networks share out items one by
    one, `judged` that what is watched gives each practice a verdict."""
    before = UNIT if by_level else ()
    rows_ = {name: (*before, *own) for name, own in COLUMNS.items()}
    if networks:
        rows_["distribution.csv"] = (*DISTRIBUTION, ITEM) if by_item else DISTRIBUTION
    if monitored:
        rows_["monitoring.csv"] = (*before, *MONITORING)
    if judged:
        rows_["monitoring_verdicts.csv"] = (*before, *VERDICTS)
    return rows_


def rows_of(result: PracticeResult, by_level: bool = False) -> dict[str, Iterable[Row]]:
    """A practice's rows of every table, by the table's file.

    With `by_level`, each begins with the level and the code of whom it is about; a network's rows have no practice.
    """
    rows_ = _rows(result)
    if by_level:
        level, code = result.practice.level, result.practice.code
        for name, rows in rows_.items():
            place = COLUMNS.get(name, MONITORING).index("practice_code")
            rows_[name] = [
                [level, code, *("" if n == place and level == "network" else cell for n, cell in enumerate(row))]
                for row in rows
            ]
    if result.pool is not None and result.practice.level == "network":
        rows_["distribution.csv"] = distribution_rows(result.pool)
    elif result.shares_out:
        rows_["distribution.csv"] = (
            [*row, item] for item, pool in result.parts.items() for row in distribution_rows(pool)
        )
    return rows_


def distribution_rows(pool: Pool) -> Iterator[Row]:
    """A network's pool, member by member: what each contributed, whether it agreed, and what it receives."""
    known = [c for c in pool.contributions.values() if c is not None]
    total = sum(known) if len(known) == len(pool.contributions) else 0
    shared = pool.distribution
    for member in pool.members:
        own, assent = pool.contributions.get(member.code), pool.assents.get(member.code)
        part = pool.parts_of_year.get(member.code)
        yield [
            pool.network.code, member.code, shared.rule,
            "" if part is None else exact_text(part, most=6),
            "" if assent is None else str(assent),
            "" if own is None else (pence_text(own) if pool.in_pounds else str(own)),
            "" if own is None or not total else ratio_text(100 * own, total, most=4),
            _money(pool.pence_of(member.code)), shared.reason,
        ]  # fmt: skip


def monitoring_rows(result: PracticeResult) -> Iterator[Row]:
    """The indicators that are watched: this year beside the earlier one, in per cent and points of it or in people."""
    for watched in result.watched:
        scale = 1 if watched.people else 100
        told = (watched.now, watched.before, watched.change)
        figures = ["" if value is None else exact_text(value * scale, most=6) for value in told]
        within, significant = _yes(watched.within), _yes(watched.significant)
        rates, people = ([""] * 3, figures) if watched.people else (figures, [""] * 3)
        yield [
            result.practice.code, watched.indicator, str(watched.period), *rates, within, significant, *people,
            watched.reason,
        ]  # fmt: skip


def verdict_rows(result: PracticeResult) -> Iterator[Row]:
    """The one verdict on a practice by what is watched of it."""
    found = result.verdict
    if found is not None:
        sure = "" if found.significantly is None else str(found.significantly)
        yield [
            result.practice.code, found.finding, str(found.indicators), str(found.compared), str(found.below), sure,
            found.words,
        ]  # fmt: skip


def _yes(answer: bool | None) -> str:
    return "" if answer is None else "yes" if answer else "no"


def _rows(result: PracticeResult) -> dict[str, Iterable[Row]]:
    achievements, awards = item_rows(result)
    rows_: dict[str, Iterable[Row]] = {
        "achievement.csv": achievements,
        "award.csv": awards,
        "payment.csv": [payment_row(result)],
        "schedule.csv": schedule_rows(result),
        "ledger.csv": ledger_rows(result),
        "totals.csv": [totals_row(result)],
    }
    if result.scheme.monitoring:
        rows_["monitoring.csv"] = monitoring_rows(result)
        if result.scheme.monitoring.judges:
            rows_["monitoring_verdicts.csv"] = verdict_rows(result)
    return rows_


def item_rows(result: PracticeResult) -> tuple[list[Row], list[Row]]:
    """The rows of achievement.csv and of award.csv, made side by side since they share most of their text.

    achievement.csv has one row for each item, and one for each definition of a dated item that was counted and is not
    scored; award.csv one for each item.
    """
    practice, scheme = result.practice.code, result.scheme.scheme
    achievements, awards = [], []
    for award in result.awards:
        code, scored = award.item.item, award.achievement
        row = _achievement_row(practice, scheme, code, scored.definition, "yes", award.item.measure or "", scored)
        achievements.append(row)
        for item, name, other in result.definitions:
            if item == code and name != scored.definition:
                measure = award.item.measure or ""
                achievements.append(_achievement_row(practice, scheme, code, name, "no", measure, other))
        most, points = points_text(award)
        pence, reason = award.pence, award.reason
        if award.within:
            worth = "" if pence is None or scheme_points(award) else f", where it is worth £{pence_text(pence)}"
            pence, reason = 0, f"Paid within {award.within}{worth}. {reason}".strip()
        awards.append([
            practice, code, row[_NUMERATOR], row[_DENOMINATOR], row[_ACHIEVEMENT],
            most, points, _money(pence), award.review, reason,
        ])  # fmt: skip
    return achievements, awards


def scheme_points(award: Award) -> bool:
    """Whether an award is in points, so that what it is worth within another is not in its own pounds."""
    return award.item.kind.unit == "points"


def _achievement_row(
    practice: str, scheme: str, item: str, definition: str, scored: str, measure: str, done: Achievement
) -> Row:
    return [
        practice, scheme, item, definition, scored, measure,
        "" if done.numerator is None else str(done.numerator),
        "" if done.denominator is None else str(done.denominator),
        "" if done.pcas is None else str(done.pcas),
        "" if done.register is None else str(done.register),
        "" if done.list_size is None else str(done.list_size),
        percent_text(done), done.reason,
    ]  # fmt: skip


def payment_row(result: PracticeResult) -> Row:
    """What the practice earned, what was paid in advance, and what is left either way."""
    s = result.settlement
    amounts = [_money(result.pence), _money(s.advance), _money(s.balance), _money(s.recovery)]
    return [result.practice.code, result.status, *amounts, result.reason]


def schedule_rows(result: PracticeResult) -> Iterator[Row]:
    """Instalments by their day, then the balance or the recoveries; what has no day yet has an empty one."""
    for due in result.schedule:
        yield [
            result.practice.code,
            due.day.isoformat() if due.day else "",
            due.kind,
            pence_text(due.pence),
        ]


def ledger_rows(result: PracticeResult) -> Iterator[Row]:
    """Two rows a transaction."""
    for e in result.ledger():
        yield [e.transaction, e.day.isoformat(), e.account, e.practice, pence_text(e.pence), e.memo]


def totals_row(result: PracticeResult) -> Row:
    """The practice's pounds beside what every prevalence and target population factor at 1 would give."""
    awards = () if result.status == MERGED else result.awards  # its successor's
    without = sum(award.unpaid for award in awards)
    at_one = _money(result.pence_at_one)
    return [result.practice.code, _money(result.pence), at_one, str(len(awards)), str(without)]
