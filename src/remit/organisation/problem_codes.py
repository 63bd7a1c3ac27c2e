"""What can be wrong with practices and the networks they are in.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "practices",
    {
        "code-empty": "A row names no practice. Fill in its code, or remove the row.",
        "code-twice": "A practice has two rows. Keep one of them.",
        "eligible-backwards": "A practice's eligibility ends before it begins. Correct one of the two days.",
        "left-before-joining": "A practice left before it joined. Correct one of the two days.",
        "level-not-paid": "The scheme pays nobody of this provider's level. Correct the level, or give another scheme.",
        "level-unknown": "The level of a provider is none that Remit knows. Use one of those that the message names.",
        "list-missing": "A practice lacks a list size that the scheme pays by. Fill it in.",
        "none": "There is no practice below the header. Add the practices.",
        "successor-merged": "The practice that took over has itself been taken over. Name the one that carries on.",
        "successor-unknown": "The practice that took over is not among the practices. Add it, or correct the code.",
        "successor-without-day": "A practice was taken over and has no day on which it left. Fill in the day.",
        "value-unreadable": "A cell is no number or no date. Correct it.",
    },
    warnings={
        "outside-the-places": (
            "Practices are in no place that the scheme is offered to. See whether they belong in this run."
        ),
    },
)
