"""The answer to `why was my patient not counted`: the outcome first, then the record and the reason, in a sentence."""

from __future__ import annotations

from remit.core import say
from remit.documents.indicator.reasons import Reasons
from remit.documents.indicator.subjects import register_words
from remit.evaluation.explain import Explanation
from remit.evaluation.model import Dates, Outcome
from remit.rules.definitions import Definitions
from remit.terminology.cluster_words import cluster_words
from remit.terminology.clusters import ClusterSet

PCA_WORDS = {
    "unsuitable": "not suitable for the patient",
    "chose not to": "patient chose not to",
    "did not respond": "invited and did not respond",
    "newly diagnosed": "newly diagnosed",
    "newly registered": "new to the practice",
    "other": "another accepted reason",
}
"""Why a personalised care adjustment was explained, in the words of a practice."""


def answer(explained: Explanation, dates: Dates, known: Definitions, clusters: ClusterSet) -> str:
    """One sentence: `Not in the denominator: … was declined on 28 April 2024 (PCA, patient chose not to).`"""
    before = []
    if explained.definition.is_register and explained.outcome and explained.definition.population in known.registers:
        before = [f"the patient is on {register_words(known.registers[explained.definition.population])}"]
    if known.root(explained.definition) == "died in the year" and explained.died:
        before = [f"the patient died on {say.day(explained.died)}"]
    reason = Reasons(explained, known, clusters, dates.achievement).sentence(*before)
    if explained.definition.is_register:
        lead = "On the register" if explained.outcome else "Not on the register"
        return f"{lead}: {reason or _outside(explained, dates, known, clusters)}."
    if explained.outcome is None:
        return f"Not in the denominator: {_outside(explained, dates, known, clusters)}."
    category = explained.outcome.counts.category
    if explained.outcome.rule == 0:
        return "Counted and achieved: the indicator has no rules, so everybody in its population counts."
    if category == "achieved":
        return f"Counted and achieved: {reason}."
    if category == "not_achieved":
        return f"In the denominator and not achieved: {reason}."
    return f"Not in the denominator: {reason} ({_category(explained, explained.outcome)})."


def _category(explained: Explanation, outcome: Outcome) -> str:
    """`PCA, patient chose not to`; of an exclusion only that."""
    if outcome.counts.category == "exclusion":
        return "exclusion"
    maximal = any(cluster_words(record.cluster).kind == "maximal" for record in explained.records)
    return f"PCA, {'on maximal treatment' if maximal else PCA_WORDS.get(outcome.counts.pca_kind, 'another reason')}"


def _outside(explained: Explanation, dates: Dates, known: Definitions, clusters: ClusterSet) -> str:
    """Why a patient is not in the population at all."""
    population = explained.definition.population
    if population == "registered":
        return f"not registered with the practice on {say.day(dates.achievement)}"
    if population == "died in the year":
        first, last = say.day(dates.start), say.day(min(dates.end, dates.achievement))
        return f"the patient did not die from {first} to {last} while registered with the practice"
    register = next(one for one in explained.registers if one.definition.code == population)
    own = Reasons(register, known, clusters, dates.achievement).sentence() or _outside(register, dates, known, clusters)
    return f"not on {register_words(register.definition)}, because {own}"
