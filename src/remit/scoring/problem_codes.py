"""What can be wrong with counts.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "counts",
    {
        "do-not-fit": "Figures of one practice contradict one another. Correct one of them.",
        "figure-twice": "A figure is given more than once. Remove one of the rows.",
        "indicator-of-several-items": (
            "An indicator counts for several items of the scheme, and the row does not say for which. Write the item."
        ),
        "indicator-unknown": (
            "The scheme has no item or indicator of this code. Correct it, or ask to skip such rows."
        ),
        "measure-unknown": "Remit does not know this measure. Correct its name.",
        "none": "There are no counts below the header. Export them again.",
        "none-for-period": "The file has no counts for this period. Choose one that it has.",
        "not-filled-in": "The counts have rows without a value. Fill in the column value of the rows that are named.",
        "not-yes-or-no": "A declaration is 1 for yes or 0 for no. Correct the value.",
        "period-not-asked": "A figure is for a period that the scheme does not use. Use one that the message names.",
        "period-unfit": "A row is of a year that the scheme does not cover. Remove it, or correct the period.",
        "period-unreadable": "A period cannot be read. Write it as 2024-25, 2024-Q3 or 2025-03-31.",
        "practice-unknown": (
            "A row names a practice that is not among the practices. Correct the code, or add the practice."
        ),
        "value-unreadable": "A value is not a number, or cannot be a count. Correct it.",
        "year-before": "From the year before, few figures are used. Remove the row, or correct its period.",
    },
    warnings={
        "activity-outside": (
            "Activity is given for a quarter in which the practice was not in the scheme. Correct the day, or leave "
            "the figure out."
        ),
        "above-list": "More people are counted than the list has, or can have. Correct one of the figures.",
        "above-register": "More people are counted than are on their register. Correct one of the figures.",
        "index-unlikely": "An index is ten times or a tenth of what it was. Check whether it is right.",
        "lists-do-not-fit": "The list of a group does not fit the practice's own list. Correct one of them.",
        "points-do-not-fit": "Points are above those of the scheme. Correct them.",
        "pounds-unlikely": "Two sums of pounds are ten times apart. Check whether both are right.",
        "changed-since-counted": ("Provisional counts were changed after they were counted. They stay provisional."),
        "for-other-periods": "Rows of counts are for other periods than the one of the run, and were left out.",
        "given-for-item": (
            "Counts are given for an item whose indicator changes in the year, and are taken as those of the one in "
            "force. Give them by indicator."
        ),
        "passed-over": "Rows of counts were skipped, for the reason that the message gives.",
        "without-value": "Rows of counts have no value yet. Fill in the column value, or remove them.",
    },
)
