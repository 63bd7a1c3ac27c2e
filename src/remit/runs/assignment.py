"""Which scheme each practice of a run is in: as a table names it, else the one that is offered to its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from remit.core.names import key
from remit.core.problems import Collector, Refused, did_you_mean, refuse
from remit.core.rows import RowSource
from remit.organisation import Practice
from remit.scheme.model import Scheme


def check_assignment(
    rows: RowSource, loaded: Mapping[str, Scheme], find: Callable[[str], Scheme], limit: int = 20
) -> tuple[dict[str, str], dict[str, Scheme]]:
    """The scheme of each practice that rows of `practice_code, scheme_id` name, and the schemes with those found.

    `find` gives a scheme that is not yet `loaded`. Raises Refused with all row errors, up to `limit`.
    """
    table = rows.select(("practice_code", "scheme_id"))
    problems, assigned, schemes = Collector(limit), dict[str, str](), dict(loaded)
    for number, (practice, scheme) in table.rows(problems):
        if practice in assigned:
            problems.add(
                "runs.assigned-twice", f"practice {practice} is assigned again.", table.place(number), practice=practice
            )
            continue
        if scheme not in schemes:
            try:
                scheme_ = find(scheme)
                schemes[scheme_.scheme] = scheme_
                scheme = scheme_.scheme
            except Refused as refused:
                for problem in refused.problems:
                    problems.take(replace(problem, place=problem.place or table.place(number)))
                continue
        assigned[practice] = scheme
    problems.refuse_if_any()
    return assigned, schemes


def assigned_schemes(
    offered: Sequence[Scheme],
    practices: Mapping[str, Practice],
    rows: Mapping[str, str],
    name: str,
) -> dict[str, str]:
    """The scheme of each practice: as assigned, else of the given ones the one offered to its place, else the first."""
    problems = Collector()
    for code in (code for code in rows if code not in practices):
        problems.add(
            "runs.assigned-unknown",
            f"{name}: practice '{code}' is not among the practices.",
            None,
            partial(did_you_mean, code, practices),
            practice=code,
        )
    problems.refuse_if_any()
    if len(offered) == 1:
        return {code: rows.get(code, offered[0].scheme) for code in practices}
    by_place = {
        key(place): scheme.scheme for scheme in reversed(offered) for pair in scheme.places.items() for place in pair
    }
    assigned = {code: rows.get(code) or by_place.get(key(p.place), "") for code, p in practices.items()}
    outside = [code for code, scheme in assigned.items() if not scheme]
    if outside:
        shown = ", ".join(outside[:5]) + (" and others" if len(outside) > 5 else "")
        names = ", ".join(scheme.scheme for scheme in offered)
        raise refuse(
            "runs.scheme-not-known-of",
            f"it is not known which of {names} a practice is in; its place_code does not say: {shown}.",
            None,
            f"Assign them a scheme, or give one of the places: {', '.join(p for s in offered for p in s.places)}.",
            practices=outside,
            schemes=[scheme.scheme for scheme in offered],
            places=[p for s in offered for p in s.places],
        )
    return assigned
