"""The result tables: their columns, and a practice's rows in their order (practice code, then the scheme's items)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from remit.core.rounding import exact_text, pence_text, ratio_text
from remit.payment.pricing import Award
from remit.runs.engine import FINAL, PracticeResult
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


def _money(pennies: int | None) -> str:
    return "" if pennies is None else pence_text(pennies)


def rows_of(result: PracticeResult) -> dict[str, Iterable[Row]]:
    """A practice's rows of every table, by the table's file."""
    achievements, awards = item_rows(result)
    return {
        "achievement.csv": achievements,
        "award.csv": awards,
        "payment.csv": [payment_row(result)],
        "schedule.csv": schedule_rows(result),
        "ledger.csv": ledger_rows(result),
        "totals.csv": [totals_row(result)],
    }


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
        awards.append([
            practice, code, row[_NUMERATOR], row[_DENOMINATOR], row[_ACHIEVEMENT],
            most, points, _money(award.pennies), award.review, award.reason,
        ])  # fmt: skip
    return achievements, awards


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
    amounts = [_money(result.pennies), _money(s.advance), _money(s.balance), _money(s.recovery)]
    return [result.practice.code, result.status, *amounts, result.reason]


def schedule_rows(result: PracticeResult) -> Iterator[Row]:
    """Instalments by their day, then the balance or the recoveries; what has no day yet has an empty one."""
    for due in result.schedule:
        yield [
            result.practice.code,
            due.day.isoformat() if due.day else "",
            due.kind,
            pence_text(due.pennies),
        ]


def ledger_rows(result: PracticeResult) -> Iterator[Row]:
    """Two rows a transaction."""
    for e in result.ledger():
        yield [e.transaction, e.day.isoformat(), e.account, e.practice, pence_text(e.pennies), e.memo]


def totals_row(result: PracticeResult) -> Row:
    """The practice's pounds beside what every prevalence and target population factor at 1 would give."""
    without = sum(award.pennies is None for award in result.awards)
    at_one = _money(result.pennies_at_one)
    return [result.practice.code, _money(result.pennies), at_one, str(len(result.awards)), str(without)]


def is_final(result: PracticeResult) -> bool:
    """Whether the practice's year is settled."""
    return result.status == FINAL
