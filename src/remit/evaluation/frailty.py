"""Frailty: the latest coded of three, as DM020 and DM021 read it; of several on one day the most severe counts.

Where none is coded and the clusters of the electronic frailty index are there, the index says it, by registers of
`library/rules/with-your-lists/frailty.yaml`. All is said in the rule language, so that each engine works it out as it
does any register.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace
from fractions import Fraction

from remit.rules import model as r
from remit.rules.definitions import all_that_ship

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
"""What is coded: each label for who is registered, and for who died in the year."""

INDEX = {"severe": "EFI_SEVERE_REG", "moderate": "EFI_MODERATE_REG", "mild": "EFI_MILD_REG", "fit": "EFI_FIT_REG"}
"""Each category of the electronic frailty index, with its register."""

DEFICITS = 36
_ABOVE = {"mild": Fraction(12, 100), "moderate": Fraction(24, 100), "severe": Fraction(36, 100)}
"""Above which score a category begins (frailtytoolkit.org, electronic-frailty-index-efi)."""


def category(deficits: int) -> str:
    """The category of so many deficits of 36, by the score: of 13, which is 0.3611, severe."""
    score = Fraction(deficits, DEFICITS)
    return next((name for name in ("severe", "moderate", "mild") if score > _ABOVE[name]), "fit")


def frailty_labels(
    clusters: Container[str], registers: Mapping[str, r.Definition]
) -> tuple[tuple[str, r.Definition], ...]:
    """Each label with the register that it applies to, for any engine to calculate; nothing where clusters are missing.

    A label comes several times: by code and, where none is coded, by the index; and who died in the year is no longer
    registered. The first that holds is said. Who is in neither population is in no outcome either.
    """
    if not can_tell_frailty(clusters):
        return ()
    if not can_tell_index(clusters, registers):
        return FRAILTY
    labels = []
    for label, code in INDEX.items():
        register = _index(registers)[code]
        labels += [(label, register), (label, replace(register, code=f"{code}_DIED", population="died in the year"))]
    return (*FRAILTY, *labels)


def can_tell_frailty(clusters: Container[str]) -> bool:
    """Whether a run's clusters can say who is frail: all three are needed."""
    return all(name in clusters for name in FRAILTY_CLUSTERS.values())


def can_tell_index(clusters: Container[str], registers: Mapping[str, r.Definition]) -> bool:
    """Whether a run's clusters can say the index: those of every deficit and of medicines are needed."""
    return all(name in clusters for name in index_clusters(registers))


def index_clusters(registers: Mapping[str, r.Definition]) -> frozenset[str]:
    """The clusters of the index."""
    return frozenset(name for one in _index(registers).values() for name in one.clusters())


def _index(registers: Mapping[str, r.Definition]) -> dict[str, r.Definition]:
    """The registers of the index: one's own where they are known, else those that ship."""
    ours = all_that_ship().registers
    return {code: registers.get(code) or ours[code] for code in INDEX.values()}
