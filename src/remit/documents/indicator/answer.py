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
"""Why a personalised care adjustment was made, in the words of a practice."""


def answer(made: Explanation, dates: Dates, known: Definitions, clusters: ClusterSet) -> str:
    """One sentence: `Not in the denominator: … was declined on 28 April 2024 (PCA, patient chose not to).`"""
    before = []
    if made.definition.is_register and made.outcome and made.definition.population in known.registers:
        before = [f"the patient is on {register_words(known.registers[made.definition.population])}"]
    if known.root(made.definition) == "died in the year" and made.died:
        before = [f"the patient died on {say.day(made.died)}"]
    reason = Reasons(made, known, clusters, dates.achievement).sentence(*before)
    if made.definition.is_register:
        lead = "On the register" if made.outcome else "Not on the register"
        return f"{lead}: {reason or _outside(made, dates, known, clusters)}."
    if made.outcome is None:
        return f"Not in the denominator: {_outside(made, dates, known, clusters)}."
    category = made.outcome.counts.category
    if made.outcome.rule == 0:
        return "Counted and achieved: the indicator has no rules, so everybody in its population counts."
    if category == "achieved":
        return f"Counted and achieved: {reason}."
    if category == "not_achieved":
        return f"In the denominator and not achieved: {reason}."
    return f"Not in the denominator: {reason} ({_category(made, made.outcome)})."


def _category(made: Explanation, outcome: Outcome) -> str:
    """`PCA, patient chose not to`; of an exclusion only that."""
    if outcome.counts.category == "exclusion":
        return "exclusion"
    maximal = any(cluster_words(record.cluster).kind == "maximal" for record in made.records)
    return f"PCA, {'on maximal treatment' if maximal else PCA_WORDS.get(outcome.counts.pca_kind, 'another reason')}"


def _outside(made: Explanation, dates: Dates, known: Definitions, clusters: ClusterSet) -> str:
    """Why a patient is not in the population at all."""
    population = made.definition.population
    if population == "registered":
        return f"not registered with the practice on {say.day(dates.achievement)}"
    if population == "died in the year":
        first, last = say.day(dates.start), say.day(min(dates.end, dates.achievement))
        return f"the patient did not die from {first} to {last} while registered with the practice"
    register = next(one for one in made.registers if one.definition.code == population)
    own = Reasons(register, known, clusters, dates.achievement).sentence() or _outside(register, dates, known, clusters)
    return f"not on {register_words(register.definition)}, because {own}"
