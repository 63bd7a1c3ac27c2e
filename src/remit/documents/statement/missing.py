"""What is missing, in the practice's words: a statement names no measure of a counts file.

A run's reasons say what to supply, for whoever keeps the counts: `No counts: supply NUMERATOR for 2a.` The practice
reads "Missing: the numerator for 2a."
"""

from __future__ import annotations

import re

from remit.core import say

WORDS = {
    "REGISTER": "the number on the register",
    "LIST_SIZE": "the number on the list",
    "DENOMINATOR": "the denominator",
    "NUMERATOR": "the numerator",
    "PCAS": "the number of PCAs",
    "DECLARED": "the declaration",
    "EVIDENCED": "the evidence",
    "ACTIVITY": "the activity",
    "DID_NOT_ATTEND": "the number who did not attend",
    "ACTIVITY_DAYS": "the number of days",
    "BASELINE_LIST_SIZE": "the list of the earlier year",
    "HISTORIC_POINTS": "the points",
    "HISTORIC_POUNDS": "the pounds",
    "AGREED": "the agreement",
    "AGREED_POUNDS": "the amount agreed",
    "LIST_INDEX": "the list index",
    "PREVALENCE_INDEX": "the prevalence index",
    "BASELINE_POUNDS": "the spending of the earlier year",
    "ACTUAL_POUNDS": "the spending of the year",
    "REINVESTED_POUNDS": "the amount reinvested",
    "PROVISIONAL": "whether the counts are provisional",
    "list_size": "the practice's list",
    "weighted_list_size": "the practice's weighted list",
}
"""Measure of the counts, or column of the practices -> what it is to a practice."""

_ANY = re.compile(r"\b(?:the practice's )?(" + "|".join(sorted(WORDS, key=len, reverse=True)) + r")\b")
_ADD = re.compile(r" Add [^.]*\.")
_WHAT = "|".join([*WORDS, "the national figures", "the counts"])
_SUPPLY = re.compile(rf"(?:(?:No counts: |(: ))?\b[Ss]upply|(: )add) (?=[^.]*?\b(?:{_WHAT})\b)")
_BRACKETS = re.compile(r" \((?:add |supply )?[A-Z_]+(?: of \*| \d)?\)")
_YES_OR_NO = "(yes or no)"


def plain(reason: str) -> str:
    """A reason of a run with what is missing in the practice's words, and its days written out."""
    text = _BRACKETS.sub("", _ADD.sub("", say.days_in(reason)))
    text = _SUPPLY.sub(lambda match: ". Missing: " if match[1] or match[2] else "Missing: ", text).replace(
        "(1 or 0)", _YES_OR_NO
    )
    text = text.replace("the practice or network as a whole (*)", "the practice as a whole")
    return say.capital(_ANY.sub(lambda match: WORDS[match[1]], text))
