"""What you supply with a run by name: the parameters of its schemes, and the values of what they leave open."""

from __future__ import annotations

from collections.abc import Mapping

from remit.core.dates import parse_date
from remit.core.problems import Problem, Refused, did_you_mean, error
from remit.scheme import Scheme
from remit.scheme.parameters import NO_ITEMS
from remit.scheme.retirement import faults, named
from remit.scheme.supply import open_inputs, supply


def supplied(schemes: dict[str, Scheme], settings: dict[str, str]) -> dict[str, Scheme]:
    """The schemes with what `settings` names of the things that they leave open; those names are taken out of it."""
    parameters = {name for scheme in schemes.values() for name in scheme.parameters}
    named = {
        name: settings.pop(name) for name in list(settings) if "." in name and name.partition(".")[0] not in parameters
    }
    open_in = {name: {one.name for one in open_inputs(scheme)} for name, scheme in schemes.items()}
    nowhere = {name: text for name, text in named.items() if not any(name in names for names in open_in.values())}
    if nowhere:
        every = sorted({*parameters, *(name for names in open_in.values() for name in names)})
        try:
            supply(next(iter(schemes.values())), nowhere)
        except Refused as refused:
            hints = {name: did_you_mean(name, every) for name in nowhere}
            raise Refused([
                error("settings.not-open", p.message, p.place, hints[name], name=name)
                for p, name in zip(refused.problems, nowhere, strict=True)
            ]) from None  # fmt: skip
    supplied_: dict[str, Scheme] = {}
    problems: list[Problem] = []
    for name, scheme in schemes.items():
        own = {key: text for key, text in named.items() if key in open_in[name]}
        try:
            supplied_[name] = supply(scheme, own) if own else scheme
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    return supplied_


def check_settings(schemes: Mapping[str, Scheme], settings: Mapping[str, str]) -> dict[str, str]:
    """The run's parameters with the schemes' defaults. Raises Refused for an unknown name or an unfit value."""
    known = {name: p for scheme in schemes.values() for name, p in scheme.parameters.items()}
    problems: list[Problem] = []
    settings = dict(settings)
    shared_by = {scheme.networks.distribution for scheme in schemes.values() if scheme.networks}
    for name, value in list(settings.items()):
        parameter = known.get(name)
        rule, dot, _ = name.partition(".")
        if dot and rule in shared_by:  # the rule of one network: how_shared.N1=list
            parameter = known.get(rule)
        if parameter is None:
            hint = did_you_mean(name, known) or "This scheme has no parameters."
            problems.append(error("settings.unknown", f"there is no parameter '{name}'.", None, hint, name=name))
        elif parameter.type == "choice" and value not in parameter.choices:
            problems.append(
                error(
                    "settings.choice-unknown",
                    f"{name}: '{value}' is none of {', '.join(parameter.choices)}.",
                    name=name,
                    found=value,
                    choices=parameter.choices,
                )
            )
        elif parameter.type == "date":
            try:
                parse_date(value)
            except ValueError as wrong:
                problems.append(error("settings.date-unreadable", f"{name}: {wrong}.", name=name, found=value))
        elif parameter.type == "items":
            settings[name] = ",".join(named(value)) or NO_ITEMS
            for scheme in schemes.values():
                own = scheme.parameters.get(name)
                faults_ = faults(scheme, own, value) if own and own.type == "items" else ()
                problems += [
                    error("settings.items-not-retirable", f"{name}: {message}", None, hint, name=name)
                    for message, hint in faults_
                ]
    if problems:
        raise Refused(problems)
    defaults = {name: p.default for name, p in known.items() if p.default is not None}
    return dict(sorted({**defaults, **settings}.items()))
