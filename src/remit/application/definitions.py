"""What `explain` and `spec` share: the rules of an indicator by its code, and the year that a day is in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from remit.core.problems import did_you_mean, refuse

if TYPE_CHECKING:
    from remit.evaluation.model import Dates
    from remit.rules.definitions import Definitions
    from remit.rules.model import Definition


def definition_of(known: Definitions, code: str) -> Definition:
    """The rules of an indicator or a register. Raises Refused where there are none, of a known one too."""
    from remit.evaluation.plan import indicator_of, register_of

    for one in (code, code.upper()):
        if found := known.find(one) or register_of(one, known):
            return found
    indicator = indicator_of(code.upper())
    if indicator is None:
        way = did_you_mean(code, [*known.indicators, *known.registers]) or "Without rules it is counts only."
    else:
        way = f"{indicator.indicator} ({indicator.title}) is counts only: its counts are supplied."
        register = next((one for one in known.registers.values() if one.group == indicator.group), None)
        way += f" {register.code} is the register of its group." if register else ""
    raise refuse(
        "evaluation.indicator-without-rules",
        f"there are no rules over records for '{code}'.",
        None,
        way,
        indicator=code,
    )


def dates_on(day: date) -> Dates:
    """The payment period of the year that a day is in, seen on that day. Raises Refused outside of the years."""
    from remit.core.dates import Period
    from remit.evaluation.model import Dates

    try:
        return Dates.of_year(Period.parse(day.isoformat()).year, day)
    except ValueError:
        raise refuse(
            "evaluation.day-outside-year", f"{day} is in no year that can be calculated with.", day=day
        ) from None


def dates_without_day(today: date) -> Dates:
    """The last year that has ended."""
    from remit.core.dates import SchemeYear
    from remit.evaluation.model import Dates

    return Dates.of_year(SchemeYear(today.year - 1 if today.month >= 4 else today.year - 2))
