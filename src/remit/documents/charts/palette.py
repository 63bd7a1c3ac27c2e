"""The colours of charts, few and with one meaning each.

Each stands out from white by 3:1 at least (WCAG 1.4.11), and from those that it is seen beside for readers who lack one
kind of cone too: `tests/unit/test_charts.py` simulates that. No colour says what no word says.
"""

from __future__ import annotations

from typing import Literal

INK = "#212b32"
"""Words and axes."""

SOFT = "#4c5b66"
"""Words that may be read last."""

HAIR = "#c5d0d8"
"""Lines that only guide the eye: nothing is read off them."""

TINT = "#dfe9ef"
"""The area below a line, the track of a strip."""

RULE = "#3b5668"
"""What a scheme says: the line of payment, a threshold."""

HERE = "#9a1f1f"
"""Where the practice or the patient stands."""

GOOD = "#1d4f91"
"""A gain; reached."""

POOR = "#b25000"
"""A loss; not reached."""

QUIET = "#7d8b96"
"""Neither, or not known."""

NEIGHBOURS = (
    (GOOD, POOR),
    (GOOD, QUIET),
    (POOR, QUIET),
    (RULE, HERE),
    (RULE, TINT),
    (HERE, TINT),
    (GOOD, TINT),
    (POOR, TINT),
)
"""The pairs that a chart sets side by side."""

Tone = Literal["", "good", "poor", "quiet"]
TONES: dict[Tone, str] = {"": RULE, "good": GOOD, "poor": POOR, "quiet": QUIET}
