"""What each cluster stands for, in the words of the field: `hypertension was diagnosed`, `diagnosis of hypertension`.

`library/words/clusters.csv` has a kind and a phrase for each cluster that the rules that ship read. A cluster that is
not there is named by the terms of its codes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from remit.files.tables import read_table
from remit.terminology.clusters import ClusterSet

_EVENTS = {
    "diagnosis": "{} was diagnosed", "resolved": "{} was recorded as resolved",
    "unsuitable": "{} was recorded as not suitable", "declined": "{} was declined",
    "invitation": "the patient was invited to {}", "medicine": "{} was prescribed",
    "contraindicated": "a contraindication to {} was recorded",
    "lasting": "a lasting contraindication to {} was recorded",
    "not indicated": "{} was recorded as not indicated", "reaction": "an adverse reaction to {} was recorded",
    "allergy": "an allergy to {} was recorded", "maximal": "{} was recorded as the maximum tolerated",
    "unavailable": "{} was recorded as not available", "referral": "the patient was referred to {}",
    "done": "{} was done", "record": "{} was recorded", "value": "{} was recorded",
}  # fmt: skip
_NOUNS = {
    "diagnosis": "diagnosis of {}", "resolved": "record that {} has resolved",
    "unsuitable": "record that {} is not suitable", "declined": "record that {} was declined",
    "invitation": "invitation to {}", "medicine": "prescription of {}",
    "contraindicated": "contraindication to {}", "lasting": "lasting contraindication to {}",
    "not indicated": "record that {} is not indicated", "reaction": "adverse reaction to {}",
    "allergy": "allergy to {}",
    "maximal": "record that {} is the maximum tolerated", "unavailable": "record that {} is not available",
    "referral": "referral to {}", "done": "record of {}", "record": "record of {}", "value": "record of {}",
}  # fmt: skip
KINDS = tuple(_EVENTS)


@dataclass(frozen=True)
class ClusterWords:
    """A cluster in words: `kind` is one of `KINDS`, `what` the phrase that stands in its sentences."""

    kind: str
    what: str

    @property
    def event(self) -> str:
        """What a record of it says happened: `hypertension was diagnosed`."""
        return _EVENTS[self.kind].format(self.what)

    @property
    def noun(self) -> str:
        """What there is one of, or none: `diagnosis of hypertension`."""
        return _NOUNS[self.kind].format(self.what)


@cache
def known_words() -> dict[str, ClusterWords]:
    """The clusters that have words, by name."""
    file = Path(str(resources.files("remit") / "library" / "words" / "clusters.csv"))
    rows = read_table(file, ("cluster", "kind", "what")).rows()
    return {name: ClusterWords(kind, what) for _, (name, kind, what) in rows}


def cluster_words(name: str, clusters: ClusterSet | None = None) -> ClusterWords:
    """A cluster in words: those that it has, else the term of its first code, else its name."""
    words = known_words().get(name)
    if words is not None:
        return words
    cluster = clusters.clusters.get(name) if clusters else None
    terms: Iterable[str] = cluster.codes.values() if cluster else ()
    term = next((" ".join(term.split()) for term in terms if term.strip()), "")
    return ClusterWords("record", f"“{term}”" if term else name)
