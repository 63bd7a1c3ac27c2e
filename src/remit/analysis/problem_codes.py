"""What can be wrong when something is estimated.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

ANALYSIS = declared(
    "analysis",
    {
        "reform-twice": "A reform is given twice. Give each once.",
        "behaviour-unknown": "There is no behaviour, or no figures, of this name. Use one that the message names.",
        "part-missing": "The parts of an item that becomes several have no counts. See the ways to give them.",
        "timing-needs-records": "Another timing needs records. Give the store, or leave the timing out.",
        "timing-unfit": "The timing does not fit the rules of the scheme. See the message.",
        "no-pcas": "No item of the run has PCAs counted. Supply counts of PCAS, and run again.",
        "no-savings": "No rule pays a share of a saving here. Name another scheme or item, or give the share.",
        "savings-figures-missing": "How much activity there is, or what each costs, is not known. Give it.",
        "savings-figures-unfit": "A yearly figure cannot be used, or is more than there can be. Correct it.",
        "savings-rule-unfit": "The rule cannot be read, or a part of it is missing. Correct it.",
        "not-installed": "scipy is not installed, which estimates rest on. Install remit[analysis].",
        "amounts-too-large": "An award is larger than draws can add up. Correct the figure that is too large.",
        "year-not-earlier": "A run is not of the year that it is to be of. Name runs of earlier years, each once.",
        "too-few-draws": "The draws are too few to say what lies in 95 of 100. Ask for more, or for none.",
    },
    warnings={
        "begun-anew": "What an interrupted simulation had drawn rested on other inputs, and was dropped.",
    },
)

DESIGN = declared(
    "design",
    {
        "budget-too-large": "The budget pays more a head than a scheme file can hold. Give less.",
        "budget-too-small": "The budget is below what the steps cost at least. Give more, or allow finer pence.",
        "gain-unreadable": "A cell of the file of expected gains cannot be used. See the message for what is expected.",
        "improvement-missing": "A budget that is to be met after an improvement needs the improvement. State it.",
        "item-unknown": "A share or an improvement is of an item that is not designed. Correct its code.",
        "nobody-reaches-a-step": "No practice reaches a step in the base year, so that no rate meets the budget.",
        "no-list": "A practice has no list, by which pence per head are paid. Fill it in.",
        "no-practices": "No practice was there for the whole base year. Name another.",
        "no-steps": "No step can be proposed for any of the items. The message says why.",
    },
    warnings={
        "item-without-steps": "No step can be proposed for an item, so that the draft leaves it out.",
    },
)

CODES = (*ANALYSIS, *DESIGN)
