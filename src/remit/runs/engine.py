"""A run: every practice of its inputs, priced and paid. Nothing is computed until a practice is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from remit.core.dates import SchemeYear
from remit.core.problems import did_you_mean, refuse
from remit.pricing.plan import PricingPlan
from remit.pricing.scenario import Standing
from remit.pricing.what_if import WhatIf
from remit.runs.inputs import Inputs
from remit.runs.networks import NETWORK, in_order
from remit.runs.pooling import Pools
from remit.runs.results import PracticeResult
from remit.runs.single import alone
from remit.runs.standings import Standings
from remit.scheme.kinds import Kind
from remit.scheme.supply import Open, open_inputs

_PAID = ("paid_in_advance", "paid_on_activity")


class Run:
    """One run over all its practices, or over some `practices` and `indicators` of them; of no indicator at all where
    `nothing` is left of those that it was of."""

    def __init__(
        self, inputs: Inputs, practices: Sequence[str] = (), indicators: Sequence[str] = (), nothing: bool = False
    ) -> None:
        self.inputs = inputs
        self.codes = self._narrowed(practices)
        self.standings = Standings(inputs, indicators, nothing)
        self.pools = Pools(self.standings)

    def _narrowed(self, practices: Sequence[str]) -> tuple[str, ...]:
        for code in practices:
            self._check(code)
        scheme_of = {code: self.inputs.scheme_of(code) for code in self.inputs.practices}
        return tuple(in_order(self.inputs.practices, scheme_of, practices))

    def _check(self, code: str) -> None:
        if code not in self.inputs.practices:
            hint = did_you_mean(code, self.inputs.practices)
            raise refuse(
                "runs.practice-unknown", f"there is no practice '{code}' in this run.", None, hint, practice=code
            )

    @property
    def plans(self) -> dict[str, PricingPlan]:
        """The plans of the run's schemes, by their ids."""
        return self.standings.plans

    @property
    def year(self) -> SchemeYear:
        """The scheme year that its schemes are all of."""
        return next(iter(self.inputs.schemes.values())).year

    @property
    def counted_on(self) -> date | None:
        """The day within the year whose counts the run rests on; None where they are the year's."""
        return self.inputs.period.day if self.inputs.period else None

    @property
    def only_items(self) -> tuple[str, ...]:
        """The items that the run was narrowed to; none where it has all."""
        return self.standings.only_items

    def kinds(self) -> Iterator[Kind]:
        """The payment kinds of the schemes' items."""
        return (item.kind for plan in self.plans.values() for item in plan.scheme.items)

    def open_inputs(self) -> list[Open]:
        """What its schemes leave open, and a run can be told."""
        every = [one for plan in self.plans.values() for one in open_inputs(plan.scheme)]
        return [one for one in every if one.path[0] != "terms" or one.path[1] in _PAID]

    def open_parameters(self) -> list[tuple[str, str]]:
        """The parameters by which networks share out their money, where none is set: names with what they are about."""
        parameters = []
        for plan in self.plans.values():
            name, resolved = plan.resolved.distribution.name, plan.resolved
            if name in plan.scheme.parameters and not (resolved.distribution.value or resolved.distributions):
                parameter = plan.scheme.parameters[name]
                parameters.append((name, f"{parameter.about.rstrip('.')}; one of {', '.join(parameter.choices)}"))
        return parameters

    def results(self) -> Iterator[PracticeResult]:
        """Every practice of the run, in the order of their codes; each network before its members."""
        return (self.practice(code) for code in self.codes)

    def practice(self, code: str) -> PracticeResult:
        """Everything about one practice or network. Raises Refused for a code that is not in the run."""
        self._check(code)
        practice = self.inputs.practices[code]
        if self.inputs.scheme_of(code).networks is None:
            return alone(self.standings, self.standings.of(code))
        if practice.level == NETWORK:
            return self.pools.network(practice)
        if self.inputs.scheme_of(code).pays_both:
            return self.pools.practice(practice, self.pools.network(self.inputs.practices[practice.network]))
        return self.pools.member(practice, self.pools.network(self.inputs.practices[practice.network]))

    def standing(self, code: str) -> Standing:
        """What a practice or network of the run is priced on."""
        return self.standings.of(code)

    def what_if(self, result: PracticeResult) -> WhatIf:
        """To price a practice of the run again with other figures."""
        code = result.practice.code
        plan = self.standings.plan(code)
        if result.parts:  # of what its network shares out it cannot be said
            to = "network" if result.shares_out else "practice"
            plan = plan.only([item.item for item in plan.items if (item.paid_to or "practice") == to])
        return WhatIf(plan, self.standings.of(code), result.awards)
