"""What a field of the rules is about, in the words of the field: `blood pressure`, `hypertension was diagnosed`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from remit.core.words import listed
from remit.rules import model as r
from remit.terminology.cluster_words import ClusterWords, cluster_words
from remit.terminology.clusters import ClusterSet

_MOST_NAMED = 5


@dataclass(frozen=True)
class Subject:
    """What records are about: `noun` is what there is one of or none, `event` what a record says happened."""

    kind: str
    what: str
    noun: str
    event: str


@dataclass(frozen=True)
class Subjects:
    """The subjects of one definition; clusters that have no words are named by the terms of a set."""

    definition: r.Definition
    clusters: ClusterSet | None = None

    def base(self, name: str) -> str:
        """The field that has the records which a field rests on: of a value the day's, of a half its reading."""
        match self.definition.fields.get(name):
            case r.DateOf(reading=of) | r.PartOf(reading=of) | r.EndOf(of=of) | r.Value(on=of):
                return self.base(of)
            case _:
                return name

    def bases(self, name: str) -> tuple[str, ...]:
        """The fields whose days a field may be; of one that is the later of two, both."""
        base = self.base(name)
        given = self.definition.fields.get(base)
        if isinstance(given, r.Span):
            return tuple(dict.fromkeys(one for of in given.names for one in self.bases(of)))
        return (base,)

    def clusters_of(self, name: str) -> tuple[str, ...]:
        """The clusters whose records a field, or what it rests on, picks."""
        found: list[str] = []
        for base in self.bases(name):
            match self.definition.fields.get(base):
                case r.Pick(clusters=own) | r.ReadingOf(clusters=own) | r.Tally(clusters=own) | r.Supply(clusters=own):
                    found += own
                case _:
                    pass
        return tuple(dict.fromkeys(found))

    def words(self, names: Iterable[str]) -> Subject:
        """Some clusters as one thing: the halves of a reading are the reading."""
        every = list(dict.fromkeys(cluster_words(name, self.clusters) for name in names))
        whole = list(dict.fromkeys(ClusterWords(one.kind, _whole(one.what)) for one in every))
        if len(whole) < len(every) or len(whole) == 1:
            every = whole
        more = [f"another of {len(every)} listed"] if len(every) > _MOST_NAMED else []
        own = every[:2] if more else every
        what = listed([*(one.what for one in own), *more], "or")
        if len({one.kind for one in own}) == 1:
            whole_words = ClusterWords(own[0].kind, what)
            return Subject(whole_words.kind, what, whole_words.noun, whole_words.event)
        nouns, events = listed([one.noun for one in own], "or"), listed([one.event for one in own], "or")
        return Subject("mixed", what, nouns or "record", events or "something was recorded")

    def of(self, name: str, cluster: str = "") -> Subject:
        """What a field is about, or where the cluster of its record is known, that."""
        given = self.definition.fields.get(self.base(name))
        if cluster and not isinstance(given, r.ReadingOf):
            return self.words([cluster])
        return self.words(self.clusters_of(name))

    def event(self, name: str, cluster: str = "") -> str:
        """What happened on the day of a field: `hypertension was last diagnosed`."""
        if name in _OF_PATIENT:
            return _OF_PATIENT[name]
        words, given = self.of(name, cluster), self.definition.fields.get(self.base(name))
        latest = isinstance(given, r.Pick) and given.which == "latest" and words.kind == "diagnosis"
        return words.event.replace("was diagnosed", "was last diagnosed") if latest else words.event

    def label(self, name: str, cluster: str = "") -> str:
        """What has a value: `blood pressure`."""
        given = self.definition.fields.get(name)
        half = given.cluster if isinstance(given, r.PartOf) else ""
        words = cluster_words(half, self.clusters) if half else self.of(name, cluster)
        if not words.what:
            return f"{name}, which is to be given"
        return words.what if words.kind == "value" else f"value of {words.what}"

    def unit(self, name: str) -> str:
        """The unit that a field reads its value in."""
        match self.definition.fields.get(name):
            case r.Value(unit=unit):
                return unit
            case r.PartOf(reading=reading):
                given = self.definition.fields[reading]
                return given.unit if isinstance(given, r.ReadingOf) else ""
            case _:
                return ""


_OF_PATIENT = {"REG_DAT": "the patient registered with the practice", "DEATH_DAT": "the patient died",
               "PAT_DOB": "the patient was born"}  # fmt: skip


def _whole(what: str) -> str:
    return what.removeprefix("systolic ").removeprefix("diastolic ")


def register_words(register: r.Definition) -> str:
    """A register in a sentence: `the hypertension register`."""
    title = register.title
    first = title.split(maxsplit=1)[0]
    if first[1:].islower():
        title = title[:1].lower() + title[1:]
    return f"the {title}" if "register" in title.casefold() else f"the register of {title}"


def part_words(name: str, known: dict[str, str]) -> str:
    """A named part as people say it."""
    return known.get(name) or name.replace("_", " ").lower()
