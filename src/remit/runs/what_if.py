"""A run as it would be under other rules or on other figures: the same practices, priced and pooled anew.

Each scheme's plan is that of the changed scheme, each practice's figures are those of its scenario; all that follows
from them (parts of the year, advances, networks' pools, what does not fit) is worked out as for any run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from remit.core.figures import REGISTER, FigureKey
from remit.organisation import Practice
from remit.pricing.moves import more_patients
from remit.pricing.scenario import Change, NewFigures, Scenario, Standing
from remit.pricing.weights import FROM_THE_RUN, national_from_run
from remit.pricing.what_if import WhatIf
from remit.runs.engine import Run
from remit.runs.inputs import Inputs, contradictions_of
from remit.runs.networks import NETWORK, with_networks
from remit.runs.settings import check_settings
from remit.scheme import Scheme
from remit.scheme.changes import ProposedChange
from remit.scheme.parameters import NO_ITEMS
from remit.scheme.retirement import named
from remit.scoring.achievement import Subjects
from remit.scoring.figure_table import Counts


@dataclass(frozen=True)
class MorePatients:
    """So many more patients achieved in each practice, or fewer; of all items where none is named."""

    many: int
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class WhatIfQuestion:
    """What would be otherwise, in the order in which it applies: overlays by their names, numbers that move, items that
    are retired, patients. `another` is another year's scheme, which prices the items that both have."""

    overlays: tuple[str, ...] = ()
    moves: tuple[ProposedChange, ...] = ()
    retired: tuple[str, ...] = ()
    patients: tuple[MorePatients, ...] = ()
    another: str = ""


def otherwise(run: Run, schemes: Mapping[str, Scheme], figures: Mapping[str, NewFigures] | None = None) -> Run:
    """The run under other `schemes`, by the ids that its practices are assigned to, and with other `figures` by
    practice. What is in neither stays.
    """
    inputs, changed = run.inputs, dict(figures or {})
    laid = {name: schemes.get(name, scheme) for name, scheme in inputs.schemes.items()}
    counts = inputs.counts
    practices, assigned = practices_under(inputs, laid)
    if changed:
        counts = replace(counts, figures={**counts.figures, **dict(_figures(practices, counts, changed))})
    settings = _settings(inputs, laid) if schemes else inputs.settings
    national = inputs.national
    register = any(key == REGISTER for one in changed.values() for _, key in one)
    if _summed(inputs) and (register or settings != inputs.settings or _weighs_otherwise(inputs.schemes, laid)):
        first = next((s for s in laid.values() if s.weights.prevalence or s.weights.target_population), None)
        basis = first.weights.prevalence.basis if first and first.weights.prevalence else "group"
        if first:
            national = national_from_run(first, practices, counts.figures, settings.get(basis, basis))
    unfit = contradictions_of(laid, assigned, practices, counts, settings)
    after = replace(
        inputs, schemes=laid, assigned=assigned, practices=practices, counts=counts, national=national,
        settings=settings, contradictions=unfit,
    )  # fmt: skip
    narrowed = [code for code in run.codes if code in practices] if len(run.codes) < len(inputs.practices) else ()
    left = [item.item for scheme in laid.values() for item in scheme.items]
    was = {item.item for scheme in inputs.schemes.values() for item in scheme.items}
    only = [code for code in left if code in run.only_items or code not in was] if run.only_items else []
    return Run(after, narrowed, only, nothing=bool(run.only_items) and not only)


def with_more_patients(run: Run, many: Mapping[str, int]) -> dict[str, Change]:
    """The figures of every practice and network with so many more patients achieved of some items, or fewer, by item;
    never more than there are in the denominator. Whoever has no figures of an item keeps none.
    """
    changes = dict[str, Change]()
    for code in run.inputs.counts.figures:
        if code not in run.inputs.practices:
            continue
        plan = run.standings.plan(code)
        standing = Standing(run.inputs.practices[code], (), run.inputs.counts.of(code))
        price = WhatIf(plan, standing, ())
        change: dict[tuple[str, FigureKey], int] = {}
        for item in plan.items:
            if item.item in many:
                change.update(more_patients(item, price, many[item.item]) or {})
        if change:
            changes[code] = change
    return changes


def _figures(
    practices: Mapping[str, Practice], counts: Counts, changed: Mapping[str, NewFigures]
) -> Iterator[tuple[str, Subjects]]:
    for code, change in changed.items():
        if code in practices:
            yield code, Scenario(figures=change).standing(Standing(practices[code], (), counts.of(code))).figures


def _settings(inputs: Inputs, schemes: Mapping[str, Scheme]) -> dict[str, str]:
    """The run's settings under other schemes. What stood at its default follows another default; an item that is gone
    need not be retired any more."""
    names = {name: parameter for scheme in schemes.values() for name, parameter in scheme.parameters.items()}
    before = {name: p.default for scheme in inputs.schemes.values() for name, p in scheme.parameters.items()}
    shared = {scheme.networks.distribution for scheme in schemes.values() if scheme.networks}
    known = {n: v for n, v in inputs.settings.items() if n in names or n.partition(".")[0] in shared}
    known = {n: v for n, v in known.items() if n not in names or v != before.get(n) or names[n].default is None}
    items = {item.item for scheme in schemes.values() for item in scheme.items}
    for name in {scheme.retires for scheme in schemes.values() if scheme.retires} & known.keys():
        known[name] = ",".join(code for code in named(known[name]) if code in items) or NO_ITEMS
    return check_settings(schemes, known)


def _weighs_otherwise(before: Mapping[str, Scheme], after: Mapping[str, Scheme]) -> bool:
    """Whether the nation would be added up by other rules: other weights, or other lists of groups."""
    return any(one.weights != after[name].weights or one.groups != after[name].groups for name, one in before.items())


def _summed(inputs: Inputs) -> bool:
    """Whether the national figures are the sums of this run's own practices."""
    return any(national.origin == FROM_THE_RUN for national in inputs.national.values())


def practices_under(inputs: Inputs, schemes: Mapping[str, Scheme]) -> tuple[dict[str, Practice], dict[str, str]]:
    """The practices and the scheme of each, with the networks through which the changed schemes pay."""
    if all((schemes[name].networks is None) == (old.networks is None) for name, old in inputs.schemes.items()):
        return inputs.practices, inputs.assigned
    kept = {
        code: practice
        for code, practice in inputs.practices.items()
        if practice.level in schemes[inputs.assigned[code]].levels or practice.level != NETWORK
    }
    scheme_of = {code: schemes[inputs.assigned[code]] for code in kept}
    name_of = {id(scheme): name for name, scheme in schemes.items()}
    practices, schemes_of = with_networks(kept, scheme_of, "practices.csv")
    return practices, {code: name_of[id(scheme)] for code, scheme in schemes_of.items()}
