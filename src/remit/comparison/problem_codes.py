"""What can be wrong when two runs are compared, or a run with itself as it would be.

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
        "no-patients": "More patients are asked for an item that does not count patients. Name another item.",
        "nothing-alike": "The two schemes have no item in common whose worth is known. Set them side by side by diff.",
        "no-other-scheme": (
            "Values are supplied, and no scheme of another year is named that leaves them open. Name it."
        ),
        "one-question": "Another year's scheme is asked for beside other changes. Ask one question at a time.",
        "one-scheme": "The run is of several schemes. Run them one by one.",
        "nothing-changed": "No change was given. Say what changes.",
        "nothing-to-keep": "No rule that could be kept in a file was changed. Leave the file out.",
        "other-year": "The overlay is of another year than the run. Name one of the run's year.",
        "overlay-not-whole": (
            "The overlay changes another scheme than the one it extends, so no file can keep it. Let it extend the "
            "run's scheme."
        ),
        "overlay-of-another": "The overlay does not extend the run's scheme. Let it extend that scheme.",
    },
)
