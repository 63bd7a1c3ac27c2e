"""What can be wrong when people are made up.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "synthetic",
    {
        "day-out-of-range": "People can be made up to a day of 1990 to 2050. Ask for such a day.",
        "holds-made-up-people": (
            "The folder holds people who were made up. Give another, or ask for them to be made again."
        ),
        "holds-other-files": "The folder holds files that are not made-up people. Give a new or an empty one.",
        "inside-a-store": "The folder lies in a store or a result. Give one elsewhere.",
        "patients-out-of-range": "So many patients cannot be made. Ask for 1 to 100,000,000.",
        "practices-out-of-range": "So many practices cannot be made. Ask for 1 to 9,999.",
        "seed-out-of-range": "A seed is a whole number of at most 12 digits. Give another.",
        "too-few-patients": "Each practice has at least one patient. Ask for more patients, or fewer practices.",
        "too-many-patients": "A practice cannot have so many patients. Ask for more practices.",
        "workers-out-of-range": "So many processes cannot be used. Ask for 1 to 256.",
        "years-out-of-range": "So many years of records cannot be made. Ask for 1 to 40.",
    },
)
