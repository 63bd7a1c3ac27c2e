"""What can be wrong with the input of an estimate.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

ANALYSIS = declared(
    "analysis",
    {
        "reform-twice": "The same reform is given twice. Give each reform once.",
        "behaviour-unknown": "No behaviour, or no figures for it, have this name. Use a name from the message.",
        "paid-to-both": (
            "A scheme pays some items to practices and some to networks, which cannot be drawn. Simulate without draws."
        ),
        "part-missing": "An item becomes several, and their counts are missing. The message says how to give them.",
        "timing-needs-records": (
            "A different timing is counted from patient records. Give their store, or leave the timing out."
        ),
        "timing-unfit": "The timing does not fit the rules of the scheme. The message says why.",
        "no-pcas": "No item of the run has PCAs counted. Supply counts of PCAS, and run again.",
        "no-savings": "Nothing here pays a share of a saving. Name a different scheme or item, or give the share.",
        "savings-figures-missing": "The activity, or the price of one unit of it, is not known. Give it.",
        "savings-figures-unfit": "A yearly figure cannot be used, or is more than there can be. Correct it.",
        "savings-rule-unfit": "The rule for savings cannot be read, or a part of it is missing. Correct it.",
        "not-installed": "Estimates need scipy, which is not installed. Install remit[analysis].",
        "amounts-too-large": "An award is larger than draws can add up. Correct the figure that is too large.",
        "year-not-earlier": "A run is of the wrong year. Name runs of earlier years, each once.",
        "too-few-draws": "There are too few draws for an interval of 95 of 100. Ask for more, or for none.",
    },
    warnings={
        "begun-anew": "Draws of an interrupted simulation rested on other inputs. They were dropped and made again.",
    },
)

DESIGN = declared(
    "design",
    {
        "budget-too-large": "The budget pays more a head than a scheme file can hold. Give less.",
        "budget-too-small": (
            "The budget is below the least that the steps can cost. Give more, or allow more decimals of a penny."
        ),
        "gain-unreadable": (
            "A cell of the file of expected health gains cannot be used. The message says what is expected."
        ),
        "improvement-missing": "The budget is to be met after an improvement, and none is stated. State it.",
        "item-unknown": "A share or an improvement names an item that is not designed. Correct its code.",
        "nobody-reaches-a-step": (
            "No practice reaches a step in the base year, so no pay per patient would use up the budget."
        ),
        "no-list": "A practice has no list, and pence are paid per head of it. Fill it in.",
        "no-practices": "No practice was there for the whole base year. Name a different year.",
        "no-steps": "No step can be proposed for any item. The message says why.",
    },
    warnings={
        "item-without-steps": "No step can be proposed for an item, so the draft leaves it out.",
    },
)

CODES = (*ANALYSIS, *DESIGN)
