"""What can be wrong with practices and the networks they are in.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "practices",
    {
        "code-empty": "A row names no practice. Fill in its code, or remove the row.",
        "code-twice": "A practice has two rows. Keep one of them.",
        "eligible-backwards": "A practice's eligibility ends before it begins. Correct one of the two days.",
        "left-before-joining": "A practice left before it joined. Correct one of the two days.",
        "level-not-paid": "The scheme pays nobody of this provider's level. Correct the level, or give another scheme.",
        "level-unknown": "Remit does not know this level of provider. Use one that the message names.",
        "list-before-unknown": (
            "A practice that joined in the year took over others whose lists are missing. Add their lists."
        ),
        "list-below-merged": (
            "A list that counts the people of merged practices is smaller than their own lists. Correct one of them."
        ),
        "list-missing": "A practice lacks a list size that the scheme pays by. Fill it in.",
        "list-twice": (
            "A new practice and those that merged into it both have lists, which may count the same people. Say so in "
            "the column 'counts_merged', or set one of them to 0."
        ),
        "merged-before": (
            "A practice merged before the year and before the day of the lists, and still has a list. Remove its row, "
            "or say in the column 'counts_merged' whether its successor's list counts the same people."
        ),
        "none": "There are no practices below the header. Add the practices.",
        "successor-closed": "A practice merged into one that had closed. Correct the days, or name another successor.",
        "successor-later": (
            "A practice merged into one that joined later, so no practice looked after its list in between. Correct "
            "the days, or leave the successor out."
        ),
        "successor-level": "A practice merged into a provider of another level. Name one of its own level.",
        "successor-network": (
            "A practice merged into one of another network. Give both the network through which its list is paid."
        ),
        "successor-merged": "The practice that took over has itself been taken over. Name the one that carries on.",
        "successor-unknown": "The practice that took over is not among the practices. Add it, or correct the code.",
        "successor-without-day": "A practice was taken over and has no day on which it left. Fill in the day.",
        "value-unreadable": "A cell is not a number or not a date. Correct it.",
    },
    warnings={
        "list-after-merger": (
            "Lists of practices that had merged by the day of the lists are added up. Check whether the successor's "
            "list counts the same people, and say so in the column 'counts_merged'."
        ),
        "list-empty": "A list that the scheme pays by is empty. Check whether it is right.",
        "lists-do-not-fit": (
            "A weighted list is far smaller or larger than the registered one, as when 10.000 means ten thousand. "
            "Correct one of them."
        ),
        "not-in-run": (
            "A file about practices names practices that are not in the run. They are left out. Check their codes."
        ),
        "outside-the-places": (
            "Practices are outside the places that the scheme is offered in. Check whether they belong in this run."
        ),
    },
) + declared(
    "area",
    {
        "above-its-parent": (
            "An organisation would belong to one of its own kind or below. A practice belongs to a network or a place, "
            "a network to a place, a place to a commissioner."
        ),
        "cell-empty": "A cell that must be filled in is empty. Fill it in.",
        "circle": "An organisation would belong to itself through others. Correct one of the memberships.",
        "commissioner-unknown": "The file has no commissioner of this code. Correct the code, or choose another file.",
        "empty": "There are no organisations below the header. Choose another file.",
        "ends-before-beginning": "Something would end before it begins. Correct one of the two days.",
        "kind-unknown": "Remit does not know this kind of organisation. Use one that the message names.",
        "layout-unknown": (
            "The header is neither that of an NHS practice map nor that of an area's own table. See the page on "
            "organisations for both."
        ),
        "merger-unfit": "These two cannot be merged. A merger is of two organisations of one kind.",
        "organisation-twice": "An organisation is listed twice. Keep one of the rows.",
        "outside-its-days": "A membership lies outside the days on which an organisation is open. Correct the days.",
        "parent-unknown": "An organisation that a row names is not in the file. Add it, or correct the code.",
        "two-kinds": "One code stands for two things. Give each code one name and one kind.",
        "two-parents": (
            "An organisation would belong to two of one kind on the same day. End the earlier membership first."
        ),
        "value-unreadable": "A cell is not a number or not a date. Correct it.",
    },
    warnings={
        "network-elsewhere": (
            "A network has practices of several commissioners. It belongs to the one of most of its practices; the "
            "others' practices are left without a network. Move them by hand where that is wrong."
        ),
    },
)
