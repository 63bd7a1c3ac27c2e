"""What can be wrong when something is estimated.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "analysis",
    {
        "reform-twice": "A reform is given twice. Give each once.",
        "behaviour-unknown": "There is no behaviour, or no figures, of this name. Use one that the message names.",
        "part-missing": "The parts of an item that becomes several have no counts. See the ways to give them.",
        "timing-needs-records": "Another timing needs records. Give the store, or leave the timing out.",
        "timing-unfit": "The timing does not fit the rules of the scheme. See the message.",
        "no-pcas": "No item of the run has PCAs counted. Supply counts of PCAS, and run again.",
        "not-installed": "scipy is not installed, which estimates rest on. Install remit[analysis].",
        "too-few-draws": "The draws are too few to say what lies in 95 of 100. Ask for more, or for none.",
    },
    warnings={
        "begun-anew": "What an interrupted simulation had drawn rested on other inputs, and was dropped.",
    },
)
