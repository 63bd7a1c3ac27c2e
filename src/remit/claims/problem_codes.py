"""What can be wrong with claims.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "claims",
    {
        "attended-unreadable": "Whether a patient attended is 1 or 0. Correct the value.",
        "counted-and-claimed": "One activity is in the counts and in the claims. Give it in one of them.",
        "day-outside-quarter": "A claim's day is not in its quarter. Correct one of them.",
        "day-unreadable": "A day cannot be read. Write it as 2024-06-30.",
        "days-backwards": "A claim ends before it begins. Correct one of the days.",
        "item-empty": "A claim names no item. Fill it in.",
        "item-in-several-schemes": "Several schemes of the run have this item. Name the scheme too, as scheme:item.",
        "item-unknown": "No scheme of the run has this item. Correct it.",
        "none": "There are no claims below the header. Export them again.",
        "of-a-network": "A claim names a network, and the scheme takes claims from practices. Claim for the practice.",
        "practice-unknown": (
            "A claim names a practice that is not among the practices. Correct the code, or add the practice."
        ),
        "pseudonym-empty": "A claim names no patient. Fill in the pseudonym.",
        "pseudonym-in-two-ways": "One patient is written in two ways. Write the pseudonym in one way.",
        "pseudonym-like-nhs-number": "A pseudonym looks like an NHS number. Put a pseudonym in its place.",
        "pseudonym-of-nobody": "A pseudonym is used for every unknown patient. Give each patient their own.",
        "quarter-unfit": "The quarter cannot be read, or is not of the scheme year. Write it as 2024-Q1.",
        "scheme-unknown": "A claim names a scheme that is not in the run. Correct it, or add the scheme to the run.",
        "scheme-without-activity": (
            "The scheme pays no item by activity, so nothing can be claimed under it. Leave it out."
        ),
        "term-open": "The scheme does not say after how many months off treatment a beginning counts again. Set it.",
    },
    warnings={
        "held": "Claims are held, and are not paid until the reasons are settled.",
        "not-exclusive": "Two services do not exclude one another, so a patient can be paid under both in one quarter.",
    },
)
