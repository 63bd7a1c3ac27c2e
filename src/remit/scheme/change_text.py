"""How a change of a number is written: `+3pp` or `-2pp`, `+1` or `2.5` pence, `+4` or `6` points.

With a sign it is by how much the number moves, without one what it becomes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from remit.scheme.changes import ChangeBy, Lever


@dataclass(frozen=True)
class ChangeForm:
    """One form: its pattern (a sign, then digits), examples in words, and what one of its units is worth."""

    pattern: str
    example: str
    unit: Fraction

    def read(self, text: str) -> ChangeBy | None:
        """The change that is written so; None for what has another form."""
        match = re.fullmatch(self.pattern, text.strip(), re.ASCII)
        if not match:
            return None
        amount = Fraction(match[2]) * self.unit
        return ChangeBy(-amount if match[1] in ("-", "−") else amount, to=not match[1])


FORMS: Mapping[Lever, ChangeForm] = {
    "thresholds": ChangeForm(
        r"([+−-])([0-9]{1,3}(?:\.[0-9]{1,6})?) ?pp", "+3pp or -2pp: percentage points", Fraction(1, 100)
    ),
    "pence": ChangeForm(r"([+−-]?)([0-9]{1,6}(?:\.[0-9]{1,4})?)p?", "+1, -0.5 or 2.5: pence a head", Fraction(1, 100)),
    "points": ChangeForm(r"([+−-]?)([0-9]{1,6}(?:\.[0-9]{1,6})?)", "+2, -2 or 12: points", Fraction(1)),
}
