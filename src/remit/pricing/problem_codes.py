"""What can be wrong with national figures.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "national",
    {
        "group-twice": "A group has two rows of national figures. Keep one of them.",
        "group-unknown": "The scheme has no group of this name. Correct it.",
        "number-out-of-range": "A national register must be above 0 and no larger than its list. Correct the figures.",
        "number-unreadable": "A national figure is not a whole number. Correct it.",
    },
)
