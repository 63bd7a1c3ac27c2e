"""What can be wrong with a breakdown or its policy.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "disclosure",
    {
        "column-of-patients": (
            "A column is headed as what identifies a patient: a name, a birth date, an address. Leave the column out."
        ),
        "hides-nothing": "A policy must hide something: exact figures are for a practice itself. Hide up to 1 or more.",
        "no-breakdown": "The evaluation is of an older version. Evaluate again.",
        "nhs-number": "The file holds what is an NHS number by its check digit. Take it out: counts need none.",
        "nobody-under": "The evaluation has no patients under this indicator. Correct its code.",
        "only-with-counts": "How many to hide goes with the rule of counts alone. Leave it out, or change the rule.",
        "over-practices": (
            "This breakdown is over practices, and one practice was asked for. Break down by who its patients are."
        ),
        "policy-unknown": "There is no policy of this name. Correct it, or give a file.",
        "practice-unknown": "The practice was not evaluated. Correct the code.",
        "rounding-too-wide": "Rounding could show fewer patients than were achieved. Round to less, or hide more.",
    },
)
