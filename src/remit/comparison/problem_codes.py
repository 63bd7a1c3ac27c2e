"""What can be wrong when two runs are compared.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "comparison",
    {
        "nothing-in-common": "The two runs were made for different practices. Compare runs of the same practices.",
        "practice-narrowed-out": "The practice was left out of one of the runs. Run it again with the practice.",
        "practice-unknown": "Neither run has such a practice. Correct the code.",
    },
)
