"""The run's own figures of one practice, by subject and quantity, as they are set beside another side's."""

from __future__ import annotations

from fractions import Fraction

from remit.core.figures import REGISTER, FigureKey
from remit.organisation import Practice
from remit.organisation.mergers import with_their_lists
from remit.pricing.award import Award
from remit.reconciliation.causes import result_of
from remit.runs.engine import Run
from remit.runs.results import PracticeResult
from remit.scoring.achievement import Achievement
from remit.scoring.subjects import WHOLE_PRACTICE


class Ours:
    """The run's figures of one practice, by subject and quantity."""

    def __init__(self, run: Run, result: PracticeResult) -> None:
        self.practice: Practice = with_their_lists(result.practice, result.merged)
        self.result = result
        self.subjects = run.inputs.counts.of(result.practice.code)
        self.plan = run.plans[result.scheme.scheme]
        self.awards: dict[str, Award] = {award.item.item: award for award in result.awards}
        self.definitions: dict[str, tuple[str, Achievement]] = {n: (i, done) for i, n, done in result.definitions}
        self.lists = {group.group: group.list for group in result.scheme.groups}

    def figure(self, subject: str, quantity: str) -> Fraction | int | None:
        """The figure, or None where the run has none."""
        award = self.awards.get(subject)
        if subject == WHOLE_PRACTICE:
            return self._whole(quantity)
        if award is None and subject in self.definitions:
            item, done = self.definitions[subject]
            award = self.awards[item]
            if done.definition == award.achievement.definition or quantity not in ("points", "pounds"):
                return self._of(award, done, quantity)
            return None
        if award is None:
            figure_ = self.subjects.get(subject, {}).get(FigureKey(quantity.upper()))
            whole = quantity == "list_size" and self.lists.get(subject) == "whole"
            return self.practice.list_size if figure_ is None and whole else figure_
        return self._of(award, award.achievement, quantity)

    def _of(self, award: Award, done: Achievement, quantity: str) -> Fraction | int | None:
        measurer = self.plan.measurer(award.item.item)
        if quantity in ("points", "pounds"):
            return result_of(award, quantity)
        if quantity == "points_available":
            return award.item.kind.most_earned() if award.item.kind.unit == "points" else None
        if quantity == "achievement":
            return done.rate * 100 if done.rate is not None and done.denominator is not None else None
        if quantity == "register":
            return measurer.figure(self.subjects, REGISTER)
        if quantity == "list_size":
            return measurer.list_size(self.practice, self.subjects)
        count: int | None = getattr(done, quantity)
        return count

    def _whole(self, quantity: str) -> Fraction | int | None:
        if quantity == "list_size":
            return self.practice.list_size
        if quantity not in ("points", "pounds") or not self.awards:
            return None
        known = [result_of(a, quantity) for a in self.awards.values() if quantity == "pounds" or _by_points(a)]
        return None if None in known or not known else sum((k for k in known if k is not None), Fraction(0))

    def reason(self, subject: str, quantity: str) -> str:
        """Why there is no figure."""
        award = self.awards.get(subject) or self.awards.get(self.definitions.get(subject, ("",))[0])
        if award and quantity.startswith("points") and not _by_points(award):
            return "this item pays by steps and has no points"
        if award and award.reason:
            return award.reason
        if subject == WHOLE_PRACTICE and quantity in ("points", "pounds"):
            return "the run has items without an award"
        return "the run has no such count"


def _by_points(award: Award) -> bool:
    return award.item.kind.unit == "points"
