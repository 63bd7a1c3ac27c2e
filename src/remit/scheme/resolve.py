"""A scheme made ready: what its texts come to with the values that are supplied for it.

A term of a scheme may be a value, the name of a parameter, or left open. `resolve` settles each of them once; after it
no text is interpreted and no date is parsed, for however many practices the scheme is priced.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from remit.core.dates import parse_date
from remit.scheme.agreements import OPEN
from remit.scheme.model import Item, Scheme
from remit.scheme.retirement import in_force

T = TypeVar("T")


@dataclass(frozen=True)
class Term(Generic[T]):
    """A term with its value, None while nobody has said it; `name` is what to supply then."""

    value: T | None
    name: str


@dataclass(frozen=True)
class InForce:
    """The indicator that an item is on the achievement date; None while `open`, the date that decides, is not known."""

    indicator: str | None
    open: str = ""


@dataclass(frozen=True)
class Resolved:
    """A scheme without the items that are retired, and its terms as values.

    `joiner`, `leaver` and `merger` are rules for part of a year, `distribution` how a network's money is shared out
    (`distributions` has the networks with a rule of their own), `prevalence_basis` is '' for a scheme without that
    weight, `evidence_reviewed` has no name where a scheme reviews none, and `indicators` has the items whose indicator
    changes within the year.
    """

    scheme: Scheme
    settings: Mapping[str, str]
    joiner: Term[str]
    leaver: Term[str]
    merger: Term[str]
    balance_due: Term[date]
    evidence_reviewed: Term[date]
    recovery_notified: Term[date]
    recovery_first: Term[date]
    distribution: Term[str]
    distributions: Mapping[str, str]
    prevalence_basis: str
    indicators: Mapping[str, InForce]

    def distribution_of(self, network: str) -> str:
        """The rule by which a network's money is shared out; '' while it is not known."""
        return self.distributions.get(network) or self.distribution.value or ""


def resolve(scheme: Scheme, settings: Mapping[str, str]) -> Resolved:
    """The scheme with these values. What they leave open stays open; that they fit is for `check_settings` to say."""
    scheme = in_force(scheme, settings)
    terms, networks = scheme.terms, scheme.networks
    rule = networks.distribution if networks else ""
    reviewed = terms.balance.reviewed
    return Resolved(
        scheme,
        settings,
        _rule(scheme, settings, terms.changes.joiner, "changes.joiner"),
        _rule(scheme, settings, terms.changes.leaver, "changes.leaver"),
        _rule(scheme, settings, terms.changes.merger, "changes.merger"),
        Term(day_of(scheme, settings, terms.balance.due), open_name(scheme, terms.balance.due, "balance.due")),
        Term(day_of(scheme, settings, reviewed) if reviewed else None, reviewed or ""),
        Term(
            day_of(scheme, settings, terms.recovery.notified or OPEN),
            open_name(scheme, terms.recovery.notified or OPEN, "recovery.notified"),
        ),
        Term(
            day_of(scheme, settings, terms.recovery.first or OPEN),
            open_name(scheme, terms.recovery.first or OPEN, "recovery.first"),
        ),
        Term(setting(scheme, settings, rule) or None, rule),
        {name.partition(".")[2]: text for name, text in settings.items() if rule and name.startswith(f"{rule}.")},
        _basis(scheme, settings),
        {item.item: _indicator(scheme, settings, item) for item in scheme.items if isinstance(item.indicator, tuple)},
    )


def setting(scheme: Scheme, settings: Mapping[str, str], text: str) -> str:
    """A term's own text, or the value of the parameter that it names ('' while that is not supplied)."""
    if text == OPEN:
        return ""
    return settings.get(text, "") if text in scheme.parameters else text


def open_name(scheme: Scheme, text: str, term: str) -> str:
    """How to supply a term that is not known: the parameter that it names, else the term itself."""
    return text if text in scheme.parameters else f"terms.{term}"


def day_of(scheme: Scheme, settings: Mapping[str, str], text: str) -> date | None:
    """As `setting`, for a date."""
    value = setting(scheme, settings, text)
    return parse_date(value) if value else None


def _rule(scheme: Scheme, settings: Mapping[str, str], text: str, term: str) -> Term[str]:
    return Term(setting(scheme, settings, text) or None, open_name(scheme, text, term))


def _basis(scheme: Scheme, settings: Mapping[str, str]) -> str:
    """Over whose list prevalence is taken; a parameter's own name while it is not supplied, which is no list."""
    if scheme.weights.prevalence is None:
        return ""
    basis = scheme.weights.prevalence.basis
    return settings.get(basis, basis) if basis in scheme.parameters else basis


def _indicator(scheme: Scheme, settings: Mapping[str, str], item: Item) -> InForce:
    best: str | None = None
    assert isinstance(item.indicator, tuple)
    days = [(dated, day_of(scheme, settings, dated.from_)) for dated in item.indicator]
    for dated, day in days:
        if day is None:
            return InForce(None, dated.from_)
        if day <= scheme.achievement_date:
            best = item.renumbered.get(dated.use, dated.use)
    return InForce(best)
