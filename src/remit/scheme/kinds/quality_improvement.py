"""Quality improvement: projects that are declared and evidenced, some national and some of the practice's choice.

The QOF Review of 2018 proposes two national and one local cycle a year (two to three activities), the local topic
from a menu or locally defined. QOF 2019-20 has two national modules of 37 points each (gponline.com).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import ClassVar

from pydantic import Field, model_validator

from remit.scheme.kinds.base import Calculation, KindInputs, Reads, Strict, WorkingLine
from remit.scheme.kinds.figures import Code, answers_to, ask, in_words, named, number, worth
from remit.scheme.kinds.sums import PaysSum
from remit.scheme.quantity import Count


class LocalTopics(Strict):
    """`local: {choose: 1, menu: {falls: falls in older people}}`; without a menu one topic is locally defined."""

    choose: Count = Field(description="How many local topics count at most")
    menu: dict[Code, str] = Field(default_factory=dict, description="The topics to choose from: code to words")
    code: Code = Field(default="local", description="Without a menu: the code by which the own topic is declared")

    @property
    def topics(self) -> dict[str, str]:
        """The menu, or the one topic that is locally defined."""
        return self.menu or {self.code: "locally defined topic"}


class QualityImprovement(PaysSum):
    """`quality_improvement: {points: 37, units: 3, national: {…}, local: {choose: 1, menu: {…}}, evidence: true}`"""

    name: ClassVar[str] = "quality_improvement"

    units: Count = Field(description="How many topics earn it all; each earns an equal part")
    national: dict[Code, str] = Field(default_factory=dict, description="The national topics: code to words")
    local: LocalTopics | None = Field(default=None, description="Topics of the practice's or network's own choice")
    evidence: bool = Field(default=False, description="Whether a topic counts only when its evidence was seen too")

    @model_validator(mode="after")
    def _fit(self) -> QualityImprovement:
        if not self.national and self.local is None:
            raise ValueError("give 'national' topics, 'local' ones, or both")
        return self

    @property
    def _topics(self) -> dict[str, str]:
        return self.local.topics if self.local else {}

    def elements(self) -> Mapping[str, str]:
        return {**self.national, **self._topics}

    def reads(self) -> tuple[Reads, ...]:
        reads_ = [Reads("DECLARED", code, words=words) for code, words in self.national.items()]
        chosen = len(self._topics) == 1
        reads_ += [Reads("DECLARED", code, words=words, optional=not chosen) for code, words in self._topics.items()]
        if self.evidence:
            reads_ += [
                Reads("EVIDENCED", code, words=f"evidence of {words}", optional=not chosen and code in self._topics)
                for code, words in self.elements().items()
            ]
        return tuple(reads_)

    def most_earned(self) -> Fraction | None:
        return self.sum.value

    def calculate(self, inputs: KindInputs) -> Calculation:
        """Each topic that counts earns its part. A topic of the menu that nobody mentions was not chosen."""
        words = self.elements()
        declared = answers_to(inputs, "DECLARED", words)
        if any(declared[code] is not None for code in self._topics):
            declared |= {code: False for code in self._topics if declared[code] is None}
        evidenced = answers_to(inputs, "EVIDENCED", words) if self.evidence else dict.fromkeys(words, True)
        done = [code for code in words if declared[code] and evidenced[code]]
        open_ = [
            code for code in words if declared[code] is not False and evidenced[code] is not False and code not in done
        ]
        least, units = self._counting(done), int(self.units.known())
        counted = f"{least} of {units} topics"
        if open_ and self._counting([*done, *open_]) > least:
            return Calculation(None, reason=self._ask(inputs, open_, declared, evidenced), counted=counted)
        shown = [code for code in words if declared[code] and not evidenced[code]]
        local = [code for code in done if code in self._topics]
        choose = int(self.local.choose.known()) if self.local else 0
        reasons = []
        if shown:
            reasons.append(f"Declared but not evidenced: {named(shown, words)}.")
        if len(local) > choose:
            beyond = named(local[choose:], words)
            reasons.append(f"Beyond the choice of {choose} local {'topic' if choose == 1 else 'topics'}: {beyond}.")
        earned = self.sum.known() * least / units
        lines = (
            WorkingLine("Completed", named(done, words) or "none"),
            WorkingLine("Earns", f"{worth(self.sum.known(), self.unit)} × {least} / {units}", worth(earned, self.unit)),
        )
        done_part = Fraction(least, units)
        return Calculation(earned, lines, " ".join(reasons), done_part, least, units, counted, met=least > 0)

    def _counting(self, done: list[str]) -> int:
        """How many of these topics count: no more local ones than may be chosen, no more than all units."""
        local = sum(code in self._topics for code in done)
        choose = int(self.local.choose.known()) if self.local else 0
        return min(len(done) - local + min(local, choose), int(self.units.known()))

    def _ask(
        self,
        inputs: KindInputs,
        open_: list[str],
        declared: Mapping[str, bool | None],
        evidenced: Mapping[str, bool | None],
    ) -> str:
        """What could still make a topic count; of a menu that nobody mentions, the topic that was chosen."""
        chosen = len(self._topics) == 1 or any(declared[code] is not None for code in self._topics)
        wanted_ = {code for code in open_ if chosen or code not in self._topics}
        answers = {"DECLARED": declared, "EVIDENCED": evidenced}
        wanted = [r for r in self.reads() if r.subject in wanted_ and answers[r.measure][r.subject] is None]
        texts = [ask(inputs, wanted)]
        if self.local and not chosen:
            measures = "DECLARED and EVIDENCED" if self.evidence else "DECLARED"
            texts.append(f"Supply {measures} for the local topic that was chosen: {named(self._topics, self._topics)}.")
        return " ".join(filter(None, texts))

    def missing(self) -> str:
        gaps = [("points" if self.unit == "points" else "amount")] if self.sum.required else []
        gaps += ["number of units"] if self.units.required else []
        gaps += ["number of local topics to choose"] if self.local and self.local.choose.required else []
        return ", ".join(gaps)

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        twice = sorted(set(self.national) & set(self._topics))
        if twice:
            yield ("local",), f"{', '.join(twice)} is a national topic and a local one"
        choose = self.local.choose.value if self.local else Fraction(0)
        if choose is not None and choose > len(self._topics):
            yield ("local", "choose"), f"{number(choose)} are to be chosen, of {len(self._topics)}"
        if self.units.value == 0:
            yield ("units",), "expected 1 or more, found 0"
        reach = None if choose is None else len(self.national) + choose
        if reach is not None and self.units.value is not None and self.units.value > reach:
            yield ("units",), f"{self.units} topics earn it all, but only {number(reach)} can count"

    def words(self) -> str:
        topics = [f"{len(self.national)} national"] if self.national else []
        if self.local:
            menu = f"from a menu of {len(self.local.menu)}" if self.local.menu else "locally defined"
            topics.append(f"{self.local.choose} local, {menu}")
        proof = "declared and evidenced" if self.evidence else "declared"
        return f"{in_words(self.sum, self.unit)} in equal parts for {self.units} topics {proof}: {' and '.join(topics)}"
