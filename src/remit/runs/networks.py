"""Networks in a run: who their members are, what they are counted on as one, and how their money is shared out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from remit.core.figures import (
    AGREED,
    AGREED_POUNDS,
    HISTORIC_POUNDS,
    REGISTER,
    FigureKey,
    Figures,
    Quarter,
)
from remit.core.problems import Refused, error
from remit.organisation import Practice
from remit.organisation.mergers import own_lists, predecessors, together
from remit.payment.pools import Distribution, Member, distribute
from remit.runs.vetoes import NONE, Vetoes
from remit.scheme.model import Scheme
from remit.scheme.resolve import Resolved
from remit.scoring.subjects import WHOLE_PRACTICE

NETWORK = "network"
_OWN = (
    "DECLARED", "EVIDENCED", "VETO", "AGREED", "AGREED_POUNDS", "LIST_INDEX", "PREVALENCE_INDEX", "HISTORIC_POINTS",
    "OWN_TARGET",
)  # fmt: skip
"""Answers, indices and points: those of several practices do not add up to their network's."""


@dataclass(frozen=True)
class Pool:
    """A network's money in a year, in pence (None while not known), and how it is shared out to its members.

    `contributions` are what each member's own achievement earned, in pence; where the network is counted as one, the
    patients that each adds to its numerators.
    """

    network: Practice
    members: tuple[Practice, ...]
    pence: int | None
    distribution: Distribution
    contributions: Mapping[str, int | None]
    in_pounds: bool
    assents: Mapping[str, int | None]
    parts_of_year: Mapping[str, Fraction | None]
    vetoes: Vetoes = NONE

    def pence_of(self, code: str) -> int | None:
        """What a member receives, in pence; None while the distribution is blocked."""
        return self.distribution.parts.get(code)

    @property
    def contributed(self) -> int | None:
        """What all members contribute, in pence or patients; None while one's is not known."""
        known = [own for own in self.contributions.values() if own is not None]
        return sum(known) if len(known) == len(self.contributions) else None

    def share_of(self, code: str) -> Fraction | None:
        """A member's contribution as a share of all; None while one is not known, or where nobody contributes."""
        own, total = self.contributions.get(code), self.contributed
        return None if own is None or not total else Fraction(own, total)

    @property
    def paid_out(self) -> int:
        """What the members receive together, in pence."""
        return sum(part or 0 for part in self.distribution.parts.values())


@dataclass(frozen=True)
class Sharing:
    """A member as it stands when its network's money is shared out.

    `merged` are the practices whose lists it took over, `part` its part of the year (0 to 1, None while not known),
    `contribution` its pence or patients, as of `Pool`.
    """

    practice: Practice
    merged: tuple[Practice, ...]
    part: Fraction | None
    figures: Mapping[str, Figures]
    contribution: int | None


def with_networks(
    practices: Mapping[str, Practice], scheme_of: Mapping[str, Scheme], name: str
) -> tuple[dict[str, Practice], dict[str, Scheme]]:
    """The practices with the networks through which they are paid, in the order of their codes.

    A network that has no row of its own is known by its code, and has the lists of its members. Raises Refused for
    practices without a network, and for a network whose members are in different schemes.
    """
    practices_, schemes, problems = dict(practices), dict(scheme_of), []
    members: dict[str, list[Practice]] = {}
    years = {scheme.year for scheme in scheme_of.values()}
    gone = predecessors(practices, years.pop()) if len(years) == 1 else {}
    for code, practice in practices.items():
        scheme = scheme_of[code]
        if scheme.networks is None or practice.level == NETWORK:
            continue
        if not practice.network:
            problems.append(
                error(
                    "networks.none-for-practice",
                    f"{name}: practice {code} has no network_code, and {scheme.scheme} pays through networks.",
                    practice=code,
                    scheme=scheme.scheme,
                )
            )
            continue
        members.setdefault(practice.network, []).append(practice)
    for code, those in members.items():
        scheme_names = {scheme_of[practice.code].scheme for practice in those}
        own = practices.get(code)
        if len(scheme_names) > 1:
            problems.append(
                error(
                    "networks.several-schemes",
                    f"the practices of network {code} are in {' and '.join(sorted(scheme_names))}.",
                    network=code,
                    schemes=sorted(scheme_names),
                )
            )
        elif own is not None and own.level != NETWORK:
            hint = "Say network in its column 'level', or give the network another code."
            problems.append(
                error(
                    "networks.level-unfit",
                    f"{name}: {code} is a network of others here, and a {own.level}.",
                    None,
                    hint,
                    network=code,
                    level=own.level,
                )
            )
        else:
            network = own or Practice(code, level=NETWORK)
            size, weighted = network.list_size, network.weighted_list_size
            lists = [own_lists(p, gone.get(p.code, ())) for p in those]
            sizes = [p.list_size for p in lists if p.list_size is not None]
            heads = [p.weighted_list_size for p in lists if p.weighted_list_size is not None]
            if size is None and len(sizes) == len(those):
                size = sum(sizes)
            if weighted is None and len(heads) == len(those):
                weighted = sum(heads, Fraction(0))
            practices_[code] = replace(network, list_size=size, weighted_list_size=weighted)
            schemes[code] = scheme_of[those[0].code]
    for code, practice in practices.items():
        if practice.level == NETWORK and scheme_of[code].networks and code not in members:
            problems.append(
                error(
                    "networks.without-members",
                    f"{name}: the network {code} has no members: no row has it as its network_code.",
                    network=code,
                )
            )
    if problems:
        raise Refused(problems)
    return {code: practices_[code] for code in sorted(practices_)}, {code: schemes[code] for code in sorted(practices_)}


def as_one(own: Mapping[str, Figures], members: Sequence[Mapping[str, Figures]]) -> dict[str, Figures]:
    """A network's figures: its own rows, else the sum of its members', where each of them has the figure."""
    figures: dict[str, Figures] = {subject: dict(figures_) for subject, figures_ in own.items()}
    if not members:
        return figures
    every = {(subject, key): None for subjects in members for subject, figures_ in subjects.items() for key in figures_}
    for subject, key in every:
        of_members = [subjects.get(subject, {}) for subjects in members]
        if isinstance(key.period, Quarter):  # a quarter that a member leaves out among others is one without activity
            known = all(any(other.measure == key.measure for other in figures_) for figures_ in of_members)
        else:
            known = all(key in figures_ for figures_ in of_members)
        if known and key.measure not in _OWN:
            figures.setdefault(subject, {}).setdefault(key, sum(figures_.get(key, 0) for figures_ in of_members))
    return figures


def shared_out(
    resolved: Resolved,
    network: Practice,
    pence: int | None,
    members: Sequence[Sharing],
) -> Pool:
    """The pool and its distribution."""
    terms = resolved.scheme.networks
    assert terms is not None
    rule = resolved.distribution_of(network.code)
    practices = tuple(member.practice for member in members)
    contributions = {member.practice.code: member.contribution for member in members}
    facts = (
        contributions,
        terms.earned_by == "practice",
        {member.practice.code: _assent(member.figures) for member in members},
        {member.practice.code: member.part for member in members},
    )
    unknown = [member.practice.code for member in members if member.part is None]
    if not rule or unknown:
        why = f"the rule by which it is shared out is not known: set {resolved.distribution.name}"
        if unknown:
            why = f"for which part of the year {', '.join(unknown)} counts is not known"
        blocked = Distribution(rule or "not known", "blocked", dict.fromkeys(contributions), {}, f"Blocked: {why}.")
        return Pool(network, practices, pence, blocked, *facts)
    shared = distribute(pence, rule, weighed(resolved, network, members), terms.assent)
    return Pool(network, practices, pence, shared, *facts)


def weighed(resolved: Resolved, network: Practice, members: Sequence[Sharing]) -> list[Member]:
    """The members with what the network's rule shares its money out by."""
    terms, rule = resolved.scheme.networks, resolved.distribution_of(network.code)
    assert terms is not None
    return [
        Member(
            member.practice.code,
            member.practice.name,
            member.part if member.part is not None else Fraction(0),
            _basis(rule, member, terms.register_of or ""),
            _amount(member.figures, AGREED_POUNDS),
            _assent(member.figures),
            member.contribution,
            terms.earned_by == "network",
        )
        for member in members
    ]


def _basis(rule: str, member: Sharing, register_of: str) -> Fraction | None:
    basis: int | Fraction | None = None
    if rule in ("list", "weighted list"):
        basis = together(member.practice, member.merged, rule.replace(" ", "_") + "_size")
    elif rule == "register":
        basis = member.figures.get(register_of, {}).get(REGISTER)
    elif rule == "historic":
        return _amount(member.figures, HISTORIC_POUNDS)
    return None if basis is None else Fraction(basis)


def _amount(subjects: Mapping[str, Figures], key: FigureKey) -> Fraction | None:
    value = subjects.get(WHOLE_PRACTICE, {}).get(key)
    return None if value is None else Fraction(value)


def _assent(subjects: Mapping[str, Figures]) -> int | None:
    value = subjects.get(WHOLE_PRACTICE, {}).get(AGREED)
    return None if value is None else int(value)


def in_order(practices: Mapping[str, Practice], scheme_of: Mapping[str, Scheme], only: Collection[str]) -> list[str]:
    """The codes of a run in their order: by code, each network before its members. `only` keeps some of them."""

    def place(code: str) -> tuple[str, bool, str]:
        practice = practices[code]
        through = practice.network if scheme_of[code].networks and practice.level != NETWORK else code
        return through, practice.level != NETWORK, code

    return sorted((code for code in practices if not only or code in only), key=place)
