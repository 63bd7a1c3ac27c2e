"""What can be wrong with the recoveries that practices agreed.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "recovery",
    {
        "months-above-the-most": (
            "A recovery takes longer than the scheme allows. Record the exception in the column 'reason'."
        ),
        "months-out-of-range": "A recovery has 1 to 120 months. Correct the number.",
        "nothing-to-recover": "A recovery is of nothing, or of less. Give an amount above zero.",
        "practice-twice": "A practice has two rows. Keep one of them.",
        "practice-unknown": "A recovery names a practice that is not among the practices. Correct the code.",
        "value-unreadable": "A cell is not a date or not a number. Correct it.",
    },
)
