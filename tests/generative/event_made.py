"""What a generated record says beside its day, its code and its number: most often nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from remit.records.event_rows import lasting
from remit.records.model import COMPARATORS, NEGATIONS, OPEN_DAY, STATUSES, UNKNOWN_DAY
from remit.terminology.systems import SYSTEMS as NAMED

SYSTEMS = {
    ("A_COD", "a1"): frozenset({"snomed", "dmd"}), ("B_COD", "both"): frozenset({"loinc"}),
    ("D_COD", "both"): frozenset({"icd10", "loinc"}), ("C_COD", "C1"): frozenset({"read2"}),
}  # fmt: skip
"""What the lists say of the systems of codes; `both` of A_COD is of any."""

SAYS = ("time", "end", "system", "comparator", "answer", "status", "negation", "record")
"""What a record may say beside its day, code and number."""


@st.composite
def more(draw, on: st.SearchStrategy[date]) -> dict[str, Any]:
    """What a record says more, most often nothing: its end is any of the same days, before its day too."""
    found: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(SAYS), max_size=3, unique=True)) if draw(st.booleans()) else []:
        if name == "end":
            ends = on | st.sampled_from((OPEN_DAY, UNKNOWN_DAY))
            found["lasts"], found["end"] = lasting(draw(ends))
        else:
            found[name] = draw(_SAID[name])
    return found


_SAID = {
    "time": st.sampled_from((0, 1, 30_600, 43_200, 86_399)),
    "system": st.sampled_from(sorted(NAMED)),
    "comparator": st.sampled_from(COMPARATORS[1:]),
    "answer": st.sampled_from(("a1", "b1", "LA1-2", "é", "it's")),
    "status": st.sampled_from(STATUSES[1:]),
    "negation": st.sampled_from(NEGATIONS[1:]),
    "record": st.sampled_from(("e1", "e2", "E1")),
}
