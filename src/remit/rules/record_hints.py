"""Mistakes in phrases about records that last, other records, what a record says, supplies and periods, with advice.

A mistake is recognised by the text before it, the text from it on, and the tokens that were expected there.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Mistake = Callable[[str, str, set[str]], bool]
"""Of the text before the mistake, the text from it on, and the names of the tokens that were expected."""

_RELATION = r"\b(overlaps|during|starts in|ends in)"
_WINDOW = "a window is between two days, as in 'during PPSD to PPED', or is a record's, as in 'overlaps (any X_COD)'; "


def first_word(rest: str) -> str:
    """The word that begins what follows, in small letters."""
    return rest.split()[0].lower() if rest.split() else ""


RECORD_MISTAKES: tuple[tuple[Mistake, str], ...] = (
    (
        lambda h, r, n: bool(re.search(_RELATION + r" [A-Z0-9][\w-]* (and|-)( [A-Z0-9][\w-]*)?$", h)),
        _WINDOW,
    ),
    (lambda h, r, n: bool(re.search(_RELATION + r" \([\w-]+\)$", h)), _WINDOW),
    (
        lambda h, r, n: first_word(r) == "to" and bool(re.search(_RELATION + r" \([^()]*$", h)),
        "write the two days of a window without brackets around both, as in 'during PPSD to PPED'; ",
    ),
    (
        lambda h, r, n: first_word(r) in ("overlaps", "during", "starts", "ends") and "CMP" in n,
        "'overlaps', 'during', 'starts in' and 'ends in' are asked in the filter of a field, without a name before "
        "them, as in 'where during PPSD to PPED'; ",
    ),
    (
        lambda h, r, n: h.endswith(" end") and first_word(r) == "in",
        "to say that a record ends in a window, write 'ends in PPSD to PPED'; ",
    ),
    (
        lambda h, r, n: h.endswith(("=", "<>")) and first_word(r).rstrip(")") in ("open", "ongoing"),
        "an end that has not come is later than every day, 'end > ACHV_DAT', and an unknown end is 'end = Null'; ",
    ),
    (
        lambda h, r, n: (
            h.endswith(" end -") or ("RELATION" in n and first_word(r) in ("duration", "length", "lasts", "lasting"))
        ),
        "ask how long a record lasts with its end, as in 'end >= (date + 3 days)'; ",
    ),
    (
        lambda h, r, n: "RELATION" in n and first_word(r) == "time",
        "ask for the time of day with before and after, as in 'after X_DAT'; ",
    ),
    (
        lambda h, r, n: "RELATION" in n and first_word(r) == "system",
        "the cluster says the code system: a filter cannot ask for it; ",
    ),
    (
        lambda h, r, n: (
            bool(re.search(r"\bnegation (=|<>)$", h)) and bool(re.match(r"[a-z]", r)) and not r.startswith("refus")
        ),
        "a negation is refused or not done, or Null for what happened; ",
    ),
    (
        lambda h, r, n: (
            bool(re.search(r"\bstatus (=|<>)$", h)) and not re.match(r"(plan|prelim|amend|fin\w*l)|[^a-z]", r)
        ),
        "a status is final, preliminary, amended or planned, or Null where the record says none; ",
    ),
    (
        lambda h, r, n: (
            ("CMP" in n and bool(re.search(r"(where|and|or|\() ?(refused|not done|planned|final)$", h)))
            or ("RELATION" in n and bool(re.match(r"(not )?(refused|negated|declined|planned)\b", r)))
        ),
        "compare what a record says, as in 'negation = refused', 'negation = Null' or 'status = planned'; ",
    ),
    (
        lambda h, r, n: r.startswith("_") and bool(re.search(r"\banswer (=|<>) [A-Za-z0-9]+$", h)),
        "ask for an answer that is in a cluster with 'answer in X_COD'; ",
    ),
    (
        lambda h, r, n: (
            bool(re.search(r"\banswer (=|<>) [\w.-]+$", h)) and bool(re.match(r"\w", r)) and first_word(r) != "where"
        ),
        "put an answer of several words in double quotation marks; ",
    ),
    (
        lambda h, r, n: "where" in h and bool(re.match(r"(not|no|none) [A-Z]\w*_COD\b", r)),
        "to say that there is no such record, write (not any X_COD where …), in brackets, in a filter; ",
    ),
    (
        lambda h, r, n: "where" in h and bool(re.match(r"any [A-Z]", r)) and not re.search(_RELATION + "$", h),
        "ask for another record in brackets, as in '(any X_COD where …)'; ",
    ),
    (
        lambda h, r, n: h.endswith(" answer") and first_word(r) == "of",
        "an answer can only be asked of the record under test; ",
    ),
    (
        lambda h, r, n: h.endswith("counted in the year before"),
        "'counted in the year before' is a condition of its own: do not compare it; ",
    ),
    (
        lambda h, r, n: first_word(r) == "where" and bool(re.match(r"(lowest|highest|mean|last|only) value of", h)),
        "a value has no filter: the field that picks its day has one; ",
    ),
    (
        lambda h, r, n: "FROM" in n and bool(re.match(r"and\b|,", r)),
        "several clusters of a supply are joined with 'or'; ",
    ),
    (
        lambda h, r, n: "FROM" in n and first_word(r) in ("between", "during", "in", "over"),
        "the window of a supply is written 'from A_DAT to B_DAT', both of its days counted; ",
    ),
    (
        lambda h, r, n: h == "count days" and first_word(r) == "covered",
        "count days of supply with 'count days covered by X_COD from A_DAT to B_DAT'; ",
    ),
    (
        lambda h, r, n: h == "longest gap" and first_word(r) == "of",
        "write the longest gap as 'longest gap in X_COD from A_DAT to B_DAT'; ",
    ),
    (
        lambda h, r, n: h in ("earliest gap", "latest gap") and first_word(r) != "of",
        "a gap says how long it is at least, as in 'earliest gap of 14 days in X_COD from A_DAT to B_DAT'; ",
    ),
    (
        lambda h, r, n: first_word(r) == "where" and bool(re.search(r"\b(covered by|gap(?: of \d+ \w+)? in) ", h)),
        "days of supply and gaps have a window, and no filter; ",
    ),
    (
        lambda h, r, n: "PICK" in n and first_word(r) in ("begin", "begins", "start", "starts"),
        "the first day of a record is the field that picks it, as in 'X_DAT: latest X_COD'; ",
    ),
    (
        lambda h, r, n: h.startswith("the ") and first_word(r) in ("before", "until", "ending", "up", "from"),
        "the months that end with a day are 'the 12 months to PPED'; ",
    ),
)
