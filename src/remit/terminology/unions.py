"""Clusters that hold all the codes of others. One that lacks some makes rules miss people whom other rules see.

The parts have names of Remit's own, so whoever brings clusters puts them together by hand: an import says what is
missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from remit.core.problems import Problem, warning
from remit.core.words import listed
from remit.terminology.clusters import ClusterSet

UNIONS = {
    "ORANTICOAG_COD": ("DOAC_COD", "VITK_COD"),
    "LLT_COD": ("STAT_COD", "OLLT_COD"),
}
"""By the name of a whole, its parts."""


def lacking(cluster_set: ClusterSet) -> Iterator[Problem]:
    """A warning for each whole that lacks codes of its parts; nothing of a whole that the set does not have."""
    for whole, parts in UNIONS.items():
        if whole not in cluster_set.clusters:
            continue
        there = [part for part in parts if part in cluster_set.clusters]
        missing = sorted({code for part in there for code in cluster_set.codes_of(part)} - cluster_set.codes_of(whole))
        if missing:
            some = ", ".join(missing[:3]) + (f" and {len(missing) - 3:,} more" if len(missing) > 3 else "")
            codes = "code" if len(missing) == 1 else "codes"
            message = f"{whole} lacks {len(missing):,} {codes} of {listed(there)}: {some}."
            yield warning("terminology.union-incomplete", message, cluster=whole, parts=there, missing=len(missing))
