"""What can be wrong with the limits of a scheme year.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "contract",
    {
        "limit-unknown": "A scheme year has no such limit or setting. Correct its name, or leave it out.",
        "limit-unreadable": "An amount is not a whole number of pence from 0 up. Correct it.",
        "limits-out-of-order": "A high risk begins below a medium one. Correct one of the amounts.",
        "setting-unreadable": "A setting is neither yes nor no. Write true or false.",
    },
)
