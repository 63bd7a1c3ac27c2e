"""What can be wrong when a worklist is made.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "worklist",
    {
        "clusters-differ": "The evaluation was made with other codes. Give its cluster set.",
        "contact-unknown": "An action names a contact that is not in the file. Correct it, or add the contact.",
        "days-differ": "The evaluations are of different days. Evaluate both on one day.",
        "indicator-left-out": "The indicator is left out of worklists, for the reason that the message gives.",
        "indicator-not-evaluated": "The evaluation has no such indicator. Correct its code.",
        "indicator-sensitive": "The indicator is sensitive. Ask for sensitive care as well.",
        "indicator-twice": "An indicator has two actions. Remove one of them.",
        "other-records": "The store holds other records than were evaluated. Give that store, or evaluate again.",
        "practice-not-named": "A list of patients is of one practice. Name it.",
        "practice-unknown": "The evaluation has no such practice. Correct the code.",
        "records-changed": "Records were changed or lost after their import. Import them again.",
        "rule-unknown": "None of the indicators has a rule of this number. Correct it.",
        "rules-changed": "The rules are not those of the evaluation. Give its rules, or evaluate again.",
        "run-not-of-the-list": "The run is of a scheme that is not on the list. Give another run.",
        "run-not-of-the-period": "The run is of another period than the evaluation. Run it for that period.",
        "run-not-of-the-year": "The run is of a part of the year, and the evaluation of the whole. Run the whole year.",
        "run-of-another-scheme": "The run has no result of this practice under the scheme. Give a run that has.",
        "run-of-other-counts": "The run has other counts than the evaluation. Run the scheme on those counts.",
        "runs-of-one-scheme": "Two runs are of one scheme. Give one of them.",
        "scheme-changed": "The scheme is no longer the one that was evaluated. Evaluate again.",
        "scheme-twice": "Two evaluations are of one scheme. Give one of them.",
    },
)
