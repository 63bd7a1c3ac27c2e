"""What each practice and network of a run is priced on: its plan, its figures, those who merged into it, its bands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from remit.core.figures import FigureKey
from remit.core.problems import did_you_mean, refuse
from remit.core.words import listed
from remit.organisation import Practice
from remit.organisation.mergers import own_lists, predecessors
from remit.organisation.practices import NOT_REVIEWED
from remit.pricing.area_wide import AreaWide, average_of, budget_of, rests_on_the_area
from remit.pricing.evaluator import price
from remit.pricing.part_of_year import brings_a_list, with_mergers
from remit.pricing.plan import PlannedItem, PricingPlan, plan_of
from remit.pricing.scenario import Standing
from remit.runs.before_mergers import unclear, with_baselines, with_delivered
from remit.runs.inputs import Inputs
from remit.runs.networks import NETWORK, as_one
from remit.runs.vetoes import NONE, Vetoes, vetoes_of
from remit.scheme.model import Scheme
from remit.scoring.achievement import Achievement, Subjects
from remit.scoring.contradictions import Contradiction
from remit.scoring.guard import Band, bands, pca_counts
from remit.scoring.subjects import WHOLE_PRACTICE
from remit.scoring.subjects import Subjects as Spellings

PROVISIONAL_COUNTS = FigureKey("PROVISIONAL")


class Standings:
    """The plans of a run's schemes, and each of its practices as it stands. `only` narrows to some items,
    `nothing` to none."""

    def __init__(self, inputs: Inputs, only: Sequence[str] = (), nothing: bool = False) -> None:
        self.inputs, self.only_items, self.nothing = inputs, tuple(only), nothing
        self.plans = {name: self._plan(scheme) for name, scheme in inputs.schemes.items()}
        year = next(iter(inputs.schemes.values())).year
        self.predecessors: dict[str, list[Practice]] = predecessors(inputs.practices, year)
        self._vetoes: dict[str, Vetoes] = {}

    def _plan(self, whole: Scheme) -> PricingPlan:
        plan = plan_of(whole, self.inputs.settings, self.inputs.national)
        known = Spellings(plan.scheme)
        self.only_items = tuple(known.find(code) or code for code in self.only_items)
        for code in self.only_items:
            if code not in plan.lines:
                retired = any(item.item == code for item in whole.items)
                hint = f"It is retired: see {whole.retires}." if retired else did_you_mean(code, plan.lines)
                raise refuse(
                    "runs.item-retired" if retired else "runs.item-unknown",
                    f"there is no item '{code}' in {plan.scheme.scheme}.",
                    None,
                    hint,
                    item=code,
                    scheme=plan.scheme.scheme,
                    retires=whole.retires if retired else "",
                )
        return plan.only(self.only_items) if self.only_items or self.nothing else plan

    def plan(self, code: str) -> PricingPlan:
        """The plan of the scheme that a practice is in."""
        return self.plans[self.inputs.assigned[code]]

    def of(self, code: str) -> Standing:
        """A practice or network on the figures that it is paid on, with the lists of those who merged into it."""
        area = self._areas[self.inputs.assigned[code]] if self._by_area and self._of_area(code) else None
        return self._own(code, area)

    def _own(self, code: str, area: AreaWide | None) -> Standing:
        practice = self.inputs.practices[code]
        merged = tuple(self.predecessors.get(code, ()))
        figures, unclear = self.counted(code), self._unclear(practice, merged)
        vetoed = self.vetoes(code if practice.level == NETWORK else practice.network).pence
        return Standing(practice, merged, figures, self._bands_of(code), unclear, area, vetoed)

    @cached_property
    def _by_area(self) -> bool:
        """Whether any scheme of the run has what rests on all practices."""
        return any(rests_on_the_area(plan) for plan in self.plans.values())

    def _of_area(self, code: str) -> bool:
        """Whether what it counts is paid by its own rate: a network that is counted as one, and not its members."""
        scheme, level = self.inputs.scheme_of(code), self.inputs.practices[code].level
        as_one = scheme.networks is not None and scheme.networks.earned_by == "network"
        return scheme.networks is None or scheme.pays_both or (level == NETWORK) == as_one

    @cached_property
    def _areas(self) -> dict[str, AreaWide]:
        """What rests on all practices of each scheme, whichever of them the run was narrowed to."""
        return {name: self._area(name, plan.whole()) for name, plan in self.plans.items()}

    def _area(self, name: str, plan: PricingPlan) -> AreaWide:
        if not rests_on_the_area(plan):
            return AreaWide()
        standings = {
            code: self._own(code, None)
            for code, practice in self.inputs.practices.items()
            if self.inputs.assigned[code] == name and self._of_area(code) and self.takes_part(practice)
        }
        open_ = {code: why for code, one in standings.items() if (why := self._not_final(one))}
        smalls = [(line, line.small) for line in plan.lines.values() if line.small]
        area = AreaWide(
            {line.code: average_of(small, _achieved(plan, line, standings), open_) for line, small in smalls}
        )
        rule = plan.scheme.scaled_to
        if rule is None:
            return area
        paid = {code: one for code, one in standings.items() if not (plan.scheme.networks and _is_network(one))}
        awards = {code: price(plan, replace(one, area=area)).awards for code, one in paid.items()}
        return replace(area, budget=budget_of(rule, awards, {code: why for code, why in open_.items() if code in paid}))

    def _not_final(self, standing: Standing) -> str:
        """Why what a practice counts is not final."""
        wrong = [one.why for one in self.contradictions(standing.practice.code) if one.certain]
        return self.provisional(standing) or " ".join([*wrong, *self.of_merged(standing)][:1])

    def marked_members(self, network: str) -> list[str]:
        """The members of a network that take part and whose figures are marked as provisional."""
        return [
            one.code
            for one in self.members(network)
            if self.takes_part(one)
            and (one.provisional or self.counted(one.code).get(WHOLE_PRACTICE, {}).get(PROVISIONAL_COUNTS))
        ]

    def of_merged(self, standing: Standing) -> Iterator[str]:
        """What keeps a practice from being final that lies with those that merged into it."""
        own = self.inputs.assigned.get(standing.practice.code)
        for one in standing.merged:
            if one.provisional:
                yield f"{one.code}, which merged into it: {one.provisional}"
            theirs = self.inputs.assigned.get(one.code)
            if theirs != own:
                yield (
                    f"{one.code}, which merged into it, is in {theirs}, and this practice in {own}: assign both to one."
                )

    def provisional(self, standing: Standing) -> str:
        """Why a practice's figures are provisional: its own mark, its counts', or evidence that is not reviewed. Those
        of a network through which all is paid are its members' too."""
        practice = standing.practice
        if practice.level == NETWORK and not practice.provisional and not self.plan(practice.code).scheme.pays_both:
            marked = self.marked_members(practice.code)
            if marked:
                return f"The counts of {listed(marked)} are provisional."
        if practice.provisional:
            return practice.provisional
        if standing.figures.get(WHOLE_PRACTICE, {}).get(PROVISIONAL_COUNTS):
            return "Its counts are marked as provisional (PROVISIONAL of *)."
        return "" if self.reviewed(practice) else NOT_REVIEWED

    def gone(self, standing: Standing) -> list[tuple[PricingPlan, Standing]]:
        """The practices that merged into one, each by itself on its own figures and under its own plan."""
        own = self.inputs.counts
        return [(self.plan(p.code), Standing(p, (), own.of(p.code))) for p in standing.merged]

    def by_itself(self, standing: Standing) -> Standing:
        """A practice without those that merged into it: its own lists, on its own figures."""
        if not standing.merged:
            return standing
        practice = own_lists(standing.practice, standing.merged)
        return Standing(practice, (), self.inputs.counts.of(practice.code))

    def _unclear(self, practice: Practice, merged: tuple[Practice, ...]) -> dict[str, str]:
        """Why it is not clear, item by item, what those that merged bring; nothing where nobody did."""
        if not merged:
            return {}
        plan, counts = self.plan(practice.code), self.inputs.counts
        brings = brings_a_list(plan.scheme, practice, merged)
        return unclear(plan, practice, counts.of(practice.code), [(p, counts.of(p.code)) for p in merged], brings)

    def counted(self, code: str) -> Subjects:
        """The figures that a practice is paid on: with them what practices delivered that merged into it.

        A network that is paid as one has its own rows and its members'.
        """
        practice, counts = self.inputs.practices[code], self.inputs.counts
        if practice.level == NETWORK and self.inputs.scheme_of(code).networks is not None:
            return as_one(counts.of(code), [self.counted(m.code) for m in self.members(code) if self.takes_part(m)])
        gone = self.predecessors.get(code, ())
        if not gone:
            return counts.of(code)
        theirs = [counts.of(one.code) for one in gone]
        return with_baselines(self.plan(code), with_delivered(counts.of(code), theirs), theirs)

    def members(self, network: str) -> list[Practice]:
        """The practices of a network, in the order of their codes."""
        return [p for p in self.inputs.practices.values() if p.network == network and p.level != NETWORK]

    def vetoes(self, network: str) -> Vetoes:
        """What a network's members vetoed, each by itself: one that merged or left said it while it was a member."""
        if not network or network not in self.inputs.assigned:
            return NONE
        if network not in self._vetoes:
            scheme, counts = self.plan(network).scheme, self.inputs.counts
            members = [(one, counts.of(one.code)) for one in self.members(network)]
            items = [item.item for item in scheme.through_networks()]
            self._vetoes[network] = vetoes_of(scheme, members, items)
        return self._vetoes[network]

    def takes_part(self, member: Practice) -> bool:
        """Whether what a member counts and earns is its network's.

        One that merged into another is counted there, and one that nothing is due to is not asked.
        """
        resolved = self.plan(member.code).resolved
        if member.merged_in(resolved.scheme.year):
            return not resolved.merger.value
        return with_mergers(resolved, member, self.predecessors.get(member.code, ())).share != 0

    def reviewed(self, practice: Practice) -> bool:
        """Whether its evidence is reviewed, where its scheme asks for that and the run says it of anyone."""
        resolved = self.plan(practice.code).resolved
        if not resolved.evidence_reviewed.name or not self._reviews:
            return True
        return bool(practice.evidence_reviewed or resolved.evidence_reviewed.value)

    @cached_property
    def _reviews(self) -> bool:
        return any(practice.evidence_reviewed for practice in self.inputs.practices.values())

    def contradictions(self, code: str) -> Sequence[Contradiction]:
        """What does not fit in a practice's figures; of a network, in its members' that take part too."""
        by_code, practice = self.inputs.contradictions, self.inputs.practices[code]
        own = by_code.get(code, ())
        if practice.level != NETWORK or not by_code:
            return own
        return (*own, *(one for member in self.members(code) for one in by_code.get(member.code, ())))

    @cached_property
    def bands(self) -> Mapping[tuple[str, str], Mapping[str, Band]]:
        """The guard rails' bands over all practices of each scheme: by scheme and item, then practice."""
        counts, bands_ = self.inputs.counts, {}
        for name, plan in self.plans.items():
            for item in plan.scheme.items:
                if item.guard is None:
                    continue
                those = {
                    practice: count
                    for practice, count in pca_counts(counts.figures, counts.previous, item.item)
                    if self.inputs.assigned.get(practice) == name
                }
                bands_[name, item.item] = bands(item.guard, those) if those else {}
        return bands_

    def _bands_of(self, code: str) -> dict[str, Band]:
        scheme = self.inputs.assigned[code]
        return {item: by[code] for (name, item), by in self.bands.items() if name == scheme and code in by}


def _achieved(plan: PricingPlan, line: PlannedItem, standings: Mapping[str, Standing]) -> dict[str, Achievement]:
    """What each that earns an item achieved by itself; nothing where it is not clear what mergers bring."""
    both = plan.scheme.pays_both
    as_one = plan.scheme.networks is not None and plan.scheme.networks.earned_by == "network"
    to_network = as_one and line.item.paid_to == "network"
    return {
        code: Achievement() if line.code in one.unclear else line.measurer.achievement(one.practice, one.figures)
        for code, one in standings.items()
        if not both or _is_network(one) == to_network
    }


def _is_network(standing: Standing) -> bool:
    return standing.practice.level == NETWORK
