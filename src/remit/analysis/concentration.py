"""How concentrated pounds are among patients: the Lorenz curve, the Gini coefficient, the share of the top tenth.

Each practice's pounds are spread evenly over its registered patients, and patients stand in the order of the pounds
that their practice has for each of them. Everything is exact: whole pence and whole patients.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Concentration:
    """`lorenz` are the corners of the curve: the share of patients, from those with the fewest pounds, and the share of
    pounds that they have. `gini` is 0 where all have the same, and near 1 where few have all. `top_tenth` is the share
    of the pounds that the tenth of patients with the most pounds has."""

    gini: Fraction
    top_tenth: Fraction
    lorenz: tuple[tuple[Fraction, Fraction], ...]
    practices: int


def concentration(practices: Iterable[tuple[int, int]]) -> Concentration | None:
    """Of practices' pounds (pence) and patients; None without patients or pounds, or with a loss among them.

    Gini = 1 - sum of (share of patients) x (cumulative share of pounds before + after), the area under the Lorenz
    curve by trapezoids.
    """
    known = [(pence, patients) for pence, patients in practices if patients > 0]
    pounds, people = sum(pence for pence, _ in known), sum(patients for _, patients in known)
    if pounds <= 0 or any(pence < 0 for pence, _ in known):
        return None
    known.sort(key=lambda one: (Fraction(*one), one))
    pence_so_far = patients_so_far = area = 0
    corners = [(Fraction(0), Fraction(0))]
    for pence, patients in known:
        area += patients * (2 * pence_so_far + pence)
        pence_so_far, patients_so_far = pence_so_far + pence, patients_so_far + patients
        corners.append((Fraction(patients_so_far, people), Fraction(pence_so_far, pounds)))
    gini = 1 - Fraction(area, people * pounds)
    return Concentration(gini, _top(known, people, pounds, Fraction(1, 10)), tuple(corners), len(known))


def _top(known: Sequence[tuple[int, int]], people: int, pounds: int, share: Fraction) -> Fraction:
    """The share of pounds of the `share` of patients with the most; of the last practice a part."""
    left, theirs = people * share, Fraction(0)
    for pence, patients in reversed(known):
        some = min(Fraction(patients), left)
        theirs += pence * some / patients
        left -= some
        if not left:
            break
    return theirs / pounds
