"""What a scheme says outside its items, section by section, as a comparison sets two schemes side by side."""

from __future__ import annotations

from fractions import Fraction

from remit.core.rounding import exact_text
from remit.core.words import listed
from remit.scheme.advances import due_words
from remit.scheme.agreements import Recovery
from remit.scheme.model import Scheme
from remit.scheme.numbers import rounding_in_use

ABSENT = "–"


def sections_of(scheme: Scheme) -> dict[str, dict[str, str]]:
    """What a scheme says outside its items, section by section, name by name."""
    terms, totals = scheme.terms, scheme.totals
    delivered, networks = terms.paid_on_activity, scheme.networks
    most, points, days = scheme.most_per_head(), scheme.points_available(), scheme.payment_period
    sections = {
        "about": {
            "year": str(scheme.year),
            "commissioner": scheme.commissioner,
            "nation": scheme.nation,
            "only with": ", ".join(scheme.only_with),
            "achievement date": str(scheme.achievement_date),
            "payment period": f"{days.from_} to {days.to}" if days else "",
            "contract": f"{scheme.begins} to {scheme.ends}" if scheme.term else "",
            "agreed": str(scheme.term.agreed or "") if scheme.term else "",
        },
        "offered to": dict(scheme.places.items()),
        "money": {
            "most per head": pounds_text(most) if most is not None else "",
            "paid by": f"{scheme.heads.called} at {scheme.heads.at}" if scheme.heads else "",
            "points": exact_text(points) if points else "",
            "value of a point": scheme.point.value.text if scheme.point else "",
            "all points, with every weight at 1": _all_points(scheme),
        },
        "the area": {
            "scaled to": f"{scheme.scaled_to.budget}, {scheme.scaled_to.in_words()}" if scheme.scaled_to else "",
            "small numbers": scheme.small_numbers.in_words() if scheme.small_numbers else "",
        },
        "totals": {
            "most": totals.most.text if totals.most else "",
            "points": totals.points.text if totals.points else "",
            "items": str(len(scheme.items)),
            **{f"points of {name.replace('_', ' ')}": total.text for name, total in totals.domains.items()},
            **{f"{one.paid_as.replace('_', ' ')} of {listed(one.of)}": one.amount.text for one in totals.sums},
        },
        "weights": _weights(scheme),
        "rounding": {n.replace("_", " "): str(getattr(scheme.rounding, n)) for n in rounding_in_use(scheme)},
        "terms": {
            **_in_advance(scheme),
            "paid on activity": f"each {delivered.every}, {delivered.days} days after it" if delivered else "",
            "set off against activity": (delivered.set_off or "") if delivered else "",
            "balance due": terms.balance.due,
            "evidence reviewed": terms.balance.reviewed or "",
            "recovery": _recovery(terms.recovery),
            "joiners": terms.changes.joiner,
            "leavers": terms.changes.leaver,
            "mergers": terms.changes.merger,
        },
        "provision": {
            "levels": ", ".join(scheme.levels),
            "through networks": f"earned by the {networks.earned_by}" if networks else "",
            "distribution": networks.distribution if networks else "",
            "assent": networks.assent if networks else "",
            "veto by": str(networks.veto_by) if networks and networks.veto_by else "",
            "people of a network": networks.people.words if networks and networks.people else "",
            "one level a quarter": ", ".join(scheme.claims.levels) if scheme.claims else "",
            "monitored": _monitored(scheme),
        },
        "parameters": {
            name: ", ".join(p.choices or (p.type,))
            + (f", at most {'not known' if p.most.required else p.most}" if p.most else "")
            + (f"; {p.default} if not given" if p.default else "")
            for name, p in scheme.parameters.items()
        },
        "budgets": {line.place: f"{line.list} × {line.rate} = {line.budget}" for line in scheme.budgets},
        "obligations": {name.replace("_", " "): text for name, text in scheme.obligations.items()},
        "background": {name.replace("_", " "): text for name, text in scheme.background.items()},
        "asked of practices": {f"{n}": text for n, text in enumerate(scheme.asks, 1)},
        "retirement": {"by parameter": scheme.retires or ""},
    }
    if scheme.additional:
        text = f"{scheme.additional.practices} practices, {scheme.additional.budget}"
        sections["budgets"]["further practices"] = text
    return {name: {key: text for key, text in facts.items() if text} for name, facts in sections.items()}


def _in_advance(scheme: Scheme) -> dict[str, str]:
    """Each advance: its share, its instalments, where its odd pence are."""
    facts = {}
    for n, ahead in enumerate(scheme.terms.advances, 1):
        which = "" if len(scheme.terms.advances) == 1 else f"advance {n}: "
        of = f"{ahead.of}, items {', '.join(ahead.items)}" if ahead.items else ahead.of
        facts[f"{which}paid in advance"] = f"{ahead.share} of {of}"
        first = f", the first on {ahead.first}" if ahead.first else ""
        many = "" if ahead.instalments is None else f"{ahead.instalments}, "
        facts[f"{which}instalments"] = f"{many}on {due_words(ahead, str)}{first}"
        facts[f"{which}odd pence"] = f"in the {ahead.remainder} instalment"
    return facts


def _recovery(back: Recovery) -> str:
    start = f"the first on {back.first}" if back.first else f"from {back.notified}"
    ends = ", each on the last day of a month" if back.at_month_ends else ""
    return f"in at most {back.months} months{',' if back.first else ''} {start}{ends}"


def _all_points(scheme: Scheme) -> str:
    points, value = scheme.points_available(), scheme.point.value.value if scheme.point else None
    if not (points and value):
        return ""
    pounds, _, pence = exact_text(points * value, 2, 2).partition(".")
    return f"£{int(pounds):,}.{pence}"


def _monitored(scheme: Scheme) -> str:
    watched = scheme.monitoring
    if watched is None:
        return ""
    named = watched.indicators if isinstance(watched.indicators, str) else ", ".join(watched.indicators)
    tolerance = f"; tolerance {watched.tolerance}" if watched.tolerance else ""
    return f"{named}{tolerance}; significance {watched.significance}" if watched.significance else f"{named}{tolerance}"


def _weights(scheme: Scheme) -> dict[str, str]:
    facts, weights = {}, scheme.weights
    if weights.list:
        basis = weights.list.list
        facts["list"] = f"{basis.called} at {basis.at} over {weights.list.over} at {weights.list.over_at}"
    if weights.prevalence:
        facts["prevalence"] = f"at {weights.prevalence.at}; list: {weights.prevalence.basis}"
        facts.update((f"national {group}", rate.text) for group, rate in weights.prevalence.national.items())
    if weights.target_population:
        facts["target population"] = "used"
    return facts


def pounds_text(amount: Fraction | None) -> str:
    """An amount of pounds, or that there is none."""
    return ABSENT if amount is None else f"£{exact_text(amount, 2)}"
