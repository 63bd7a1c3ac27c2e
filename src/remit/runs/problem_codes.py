"""What can be wrong with a run, its settings, its networks and its folder.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

RUNS = declared(
    "runs",
    {
        "assigned-twice": "A practice is assigned to two schemes. Keep one of the rows.",
        "assigned-unreadable": "An assignment to several schemes cannot be read. Write first-scheme + second-scheme.",
        "assigned-unknown": "A practice is assigned that is not among the practices. Correct the code.",
        "input-not-as-kept": "An input in the run's folder was changed. Run it again.",
        "items-alike": (
            "Two schemes of one practice have an item of one code that is not the same. Rename one, or run them apart."
        ),
        "item-retired": "The item is retired, so that the run leaves it out.",
        "item-unknown": "The scheme has no such item. Correct its code.",
        "paid-twice": "Two runs would pay a practice for one scheme. Give one of them.",
        "period-outside-year": "The period is not in the scheme year. Ask for one that is.",
        "period-unreadable": "The period cannot be read. Write it as 2024-25, 2024-Q3 or 2025-03-31.",
        "practice-of-another": (
            "A practice is not one of the commissioner's on that day. Leave it out, or correct its membership."
        ),
        "practice-unknown": "The run has no such practice. Correct the code.",
        "scheme-not-known-of": "A practice's place does not say which of the schemes it is in. Assign it to one.",
        "scheme-unknown": "A practice is assigned to a scheme that is not in the run. Correct it, or add the scheme.",
        "scheme-twice": "A scheme is named twice. Name it once.",
        "several-schemes": "The folder holds the runs of several schemes. Give one of the folders in it.",
        "years-differ": "The schemes of one run must be of one year. Run them separately.",
        "which-practice": "The run has several practices. Name one, or ask for all.",
    },
    warnings={
        "items-to-review": "Items are outside their guard rails, and should be looked at before they are paid.",
        "items-not-final": "Items have pounds that may still change. The message says what they wait for.",
        "items-without-award": "Items have no award yet, because counts are missing.",
        "items-without-pounds": "Items have an award and no pounds, because something else is missing.",
        "networks-blocked": "The money of networks is blocked, for the reasons that the message gives.",
        "something-missing": "What is still missing before everything can be paid.",
        "warned-earlier": "A warning from the earlier version of Remit that made the run, in its words.",
    },
)

SETTINGS = declared(
    "settings",
    {
        "before-the-review": "A balance or a recovery is dated before the evidence review. Correct one of the days.",
        "review-before-the-end": "Evidence was reviewed before the year's achievement is known. Correct the day.",
        "choice-unknown": "A setting is not one of the choices. Use one that the message names.",
        "date-unreadable": "A setting is not a date. Write it as 2025-03-31.",
        "items-not-retirable": "The items that a setting names cannot be left out together. See the message.",
        "not-open": "A value was supplied for something that the schemes do not leave open. Correct its name.",
        "unknown": "No scheme of the run has a parameter of this name. Correct it.",
    },
    warnings={
        "day-outside-year": "A day that was set is outside its year. Check whether it is right.",
        "none-of-readings": "A number is none of what reports say it is. Look it up where the message says.",
    },
)

NETWORKS = declared(
    "networks",
    {
        "level-unfit": "A code that practices have as their network has another level. Correct the level, or the code.",
        "none-for-practice": "A practice has no network, and the scheme pays through networks. Fill it in.",
        "several-schemes": "The practices of one network are in different schemes. Assign them to one.",
        "without-members": "A network has no members. Name it as the network of its practices.",
    },
    warnings={
        "size": "A network has fewer or more people than its scheme expects. No amount changes.",
        "veto-not-counted": "A veto was said too late, or is given for the network itself. It does not count.",
    },
)

AREA = declared(
    "area",
    {
        "budget-twice": "A budget is listed twice. Keep one of the rows.",
        "code-unfit": "The budget of a whole area or scheme names a place. Leave its code empty.",
        "code-unknown": "No practice of the runs is in the place or network of a budget. Correct its code.",
        "level-unknown": "A budget is not for an area, scheme, place or network. Name one of these.",
        "pounds-unreadable": "A budget is not an amount. Write it as 297890 or £297,890.00.",
        "scheme-empty": "The budget of a scheme does not say of which. Fill in its scheme_id.",
        "scheme-unknown": "No run is for the scheme that a budget names. Correct its scheme_id.",
    },
)

CODES = (*RUNS, *SETTINGS, *NETWORKS, *AREA)
