"""Frailty: the latest coded of three, as DM020 and DM021 read it; of several on one day the most severe counts.

It is said in the rule language, so that each engine works it out as it does any register.
"""

from __future__ import annotations

from collections.abc import Iterable

from remit.rules import model as r

FRAILTY_CLUSTERS = {"severe": "SEVFRAIL_COD", "moderate": "MODFRAIL_COD", "mild": "MILDFRAIL_COD"}


def _frailty(label: str, population: str) -> r.Definition:
    """Who is of a degree of frailty: the day of its latest code is the day of the latest of any, and none is worse."""
    levels = [*FRAILTY_CLUSTERS]
    worse = levels[: levels.index(label)]
    fields: dict[str, r.Field] = {"ANY_DAT": r.Pick("latest", tuple(FRAILTY_CLUSTERS.values()))}
    rules = []
    for n, level in enumerate([*worse, label], 1):
        name = f"{level.upper()}_DAT"
        fields[name] = r.Pick("latest", (FRAILTY_CLUSTERS[level],))
        same = r.Compare(r.Name(name), "=", r.Name("ANY_DAT"))
        own = level == label
        text = f"{name} = ANY_DAT"
        rules.append(r.Rule(n, same, text, "Select" if own else "Reject", "Reject" if own else "Next rule"))
    died = "_DIED" if population == "died in the year" else ""
    return r.Definition(
        f"FRAIL_{label.upper()}{died}", f"Latest frailty is {label}", population, fields, {}, tuple(rules), "inferred",
        "Remit: as DM020 v46 reads frailty", is_register=True,
    )  # fmt: skip


FRAILTY: tuple[tuple[str, r.Definition], ...] = tuple(
    (label, _frailty(label, population))
    for population in ("registered", "died in the year")
    for label in FRAILTY_CLUSTERS
)
"""Each label with a register of whom it is said, for any engine to compute. A label comes twice: who died in the year
is no longer registered. A patient is in one of them at most; who is in neither population is in no outcome either."""


def can_tell_frailty(clusters: Iterable[str]) -> bool:
    """Whether a run's clusters can say who is frail: all three are needed, or nothing is said."""
    return {*FRAILTY_CLUSTERS.values()} <= {*clusters}
