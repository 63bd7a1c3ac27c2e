"""Indicators that a scheme watches and does not pay: this year's achievement beside that of an earlier year.

Buckinghamshire's commissioner looks whether QOF performance stayed within a 5% tolerance once payment no longer hung on
it (Review of QOF, annex 5). A fall is counted in percentage points of achievement.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from remit.core.dates import SchemeYear
from remit.core.figures import THE_YEAR, FigureKey, Figures
from remit.scheme.model import Scheme
from remit.scoring.achievement import Subjects


@dataclass(frozen=True)
class Watched:
    """One indicator of one practice: rates of 0 to 1, None where not known; `within` is None without a tolerance."""

    indicator: str
    now: Fraction | None
    before: Fraction | None
    within: bool | None
    reason: str = ""

    @property
    def change(self) -> Fraction | None:
        """This year's rate less the earlier one."""
        return None if self.now is None or self.before is None else self.now - self.before


def watched(scheme: Scheme, subjects: Subjects) -> tuple[Watched, ...]:
    """The monitored indicators of one practice, in the order of the scheme; none where their list is still required."""
    terms = scheme.monitoring
    if terms is None or isinstance(terms.indicators, str):
        return ()
    tolerance = terms.tolerance.value if terms.tolerance else None
    found = []
    for code in terms.indicators:
        held = subjects.get(code, {})
        now, lacks_now = _rate(held)
        before, lacks_before = _rate(held, terms.against) if terms.against else (None, [])
        lacks = [*lacks_now, *lacks_before]
        reason = f"Supply {' and '.join(lacks)} for {code}." if lacks else ""
        within = None
        if now is not None and before is not None and tolerance is not None:
            within = before - now <= tolerance
        found.append(Watched(code, now, before, within, reason))
    return tuple(found)


def _rate(held: Figures, year: SchemeYear | None = None) -> tuple[Fraction | None, list[str]]:
    period = THE_YEAR if year is None else year
    parts = [held.get(FigureKey(measure, period)) for measure in ("NUMERATOR", "DENOMINATOR")]
    of = f" of {year}" if year else ""
    lacks = [f"{m}{of}" for m, p in zip(("NUMERATOR", "DENOMINATOR"), parts, strict=True) if p is None]
    if lacks or not parts[1]:
        return None, lacks
    return Fraction(parts[0] or 0) / Fraction(parts[1]), []
