"""What can be wrong when a file is set beside a run, and what was left out.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "reconciliation",
    {
        "column-mapped-twice": "A column map names one column twice. Correct one of the entries.",
        "figure-twice": "A figure is given more than once. Remove one of the rows.",
        "indicator-unknown": (
            "The scheme has no item or indicator of this code. Correct it, or ask to skip such rows."
        ),
        "item-unknown": "The run has no such item. Correct its code.",
        "layout-and-map": "A layout and a column map do not go together. Leave one of them out.",
        "indicator-of-several-items": (
            "An indicator counts for several items, and the file does not say for which. Say it in a column map."
        ),
        "layout-unfit": (
            "The file's columns do not fit a layout that Remit knows, or not the one you named. Give a column map."
        ),
        "layout-unknown": "There is no layout of this name. Use one that the message names.",
        "measure-unknown": "Remit does not know this measure. Correct its name.",
        "no-rows": "There are no rows below the header. Export the file again.",
        "other-indicators": "The indicators are those of another year. Give the file of the run's year.",
        "other-level": "The file is of another level than the run, such as networks. Give a file of the same level.",
        "other-practices": "The file has none of the run's practices. Say in a column map what another code means.",
        "other-year": "The file is of another year than the run. Give a file of the same year.",
        "part-above-whole": "A figure is above the one that it is a part of. Correct one of them.",
        "practice-unknown": "The reconciliation has no such practice. Correct the code.",
        "quantity-unknown": "Remit does not know the quantity of a tolerance. Correct its name.",
        "tolerance-unreadable": "A tolerance is a number of 0 or more. Correct it.",
        "unit-empty": "Rows name no practice. Fill them in, or remove the rows.",
        "value-unreadable": "A cell is not a number or not a date. Correct it.",
    },
    warnings={
        "codes-left-out": "Practices of the file are not in the run, and were left out.",
        "day-not-there": "The file has no figures of the day of the run.",
        "figures-passed-over": "Figures of the file were skipped, for the reason that the message gives.",
        "indicators-left-out": "Indicators of the file are not in the scheme, and were left out.",
        "items-not-in-file": "Items of the run are nowhere in the file, and were not compared.",
        "points-over-practices": "The points are those of a unit's practices together, over their number.",
        "practices-without-day": "Some practices have no figures of a day that the others have.",
        "year-of-indicators": "The indicators of the file look like those of another year.",
        "year-taken": "The file does not state a year, and is taken to be for the year of the run.",
    },
)
