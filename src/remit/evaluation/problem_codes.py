"""What can stop an evaluation, and what it warns of.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "evaluation",
    {
        "cannot-be-counted": "A practice could not be counted. Make room on the disk, or check the store.",
        "day-outside-year": "The achievement date is not in the scheme year. Give a day that is.",
        "evidence-damaged": "What the evidence has of a patient does not fit together. Evaluate again.",
        "evidence-has-no-birth-date": (
            "The rules ask for a birth date, and evidence has none. Explain it from the store of records."
        ),
        "evidence-has-no-patient": (
            "The evidence has no such patient. Correct the id, or explain it from the store of records."
        ),
        "evidence-identifies": "Records to be kept could identify a patient. Import the records with a key.",
        "evidence-of-another-practice": "The evidence is of other practices. Correct the code.",
        "evidence-of-other-indicators": "The evidence has no such indicator. Correct its code.",
        "evidence-of-other-rules": "The rules have changed since the evidence was kept. Evaluate again.",
        "evidence-of-several": "The evaluation has the evidence of several practices. Name one.",
        "indicator-without-rules": (
            "Nothing says how this indicator is counted from records. Correct its code, or give its rules."
        ),
        "inside-the-store": "A result cannot be written into the store of records. Name a folder elsewhere.",
        "keep-elsewhere": (
            "What records came to cannot be kept in the store of records, or in a result. Name a folder of its own."
        ),
        "keep-not-with": "What records came to is kept for the DuckDB engine of this machine alone. Use that.",
        "no-evidence": "The evaluation was made without evidence. Evaluate again, and keep it.",
        "no-practice": "The store holds no practice. Import records first.",
        "no-rules-of-year": "There are no rules of a year that was named. Name one of those that the message lists.",
        "nothing-counted": "The scheme has no item that rules over records count. Supply its counts.",
        "out-of-memory": "A practice does not fit in memory. Give more memory, or use fewer processes.",
        "patient-in-several-practices": "A patient has records in several practices. Name one.",
        "patient-unknown": "The records have no such patient. Correct the id.",
        "payment-period-open": (
            "Achievement is measured on another day than the year's last. Say in the scheme over which payment period."
        ),
        "practice-unknown": "The store has no such practice. Correct the code.",
        "records-changed": "Records were changed or lost after their import. Import them again.",
        "rules-of-another-year": (
            "Indicators have no rules of the scheme's year. Name the year whose rules to use; nothing is final then."
        ),
        "value-to-give": (
            "Rules rest on a number that sources state differently. Look up which is right, and give it in a file."
        ),
    },
    warnings={
        "all-read-again": "What an earlier evaluation kept could not be gone on from, and all records were read.",
        "begun-anew": "The work of an interrupted evaluation was dropped, because something changed since.",
        "code-misspelt": "Records have another spelling of a code that a cluster has, and count for none.",
        "nobody-registered": "None of a practice's patients is registered there on the day. See their registrations.",
        "unit-not-read": (
            "Values are in a unit that no rule reads, and count as none. Write the unit that the rules ask for."
        ),
        "values-impossible": (
            "Values are outside what anybody can have, and count as none. Correct them where they come from."
        ),
        "provisional": "A practice's records stop before the day, so its counts are provisional.",
    },
)
