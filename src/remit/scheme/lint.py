"""What a careful reader would ask about a scheme file that has no errors: named warnings and notes, with places.

A warning asks whether the file says what was meant. A note says what a run will need or rest on.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from remit.core.problems import Code, Place, Problem, problem
from remit.core.rounding import exact_text, pence_text, scaled
from remit.core.words import listed
from remit.scheme.advance_checks import repaid_not_advanced, settled_before_paid
from remit.scheme.advances import never_due
from remit.scheme.boundaries import award_text, boundaries, percent_text
from remit.scheme.dated_indicators import DatedIndicator
from remit.scheme.inherited import of_another_year, path_text, under_anothers_source
from remit.scheme.kinds import Activity, Historic, Required, Steps, Strict
from remit.scheme.limit_doubts import limits_at_odds
from remit.scheme.model import RATES, WHOLE_LIST, Item, Scheme
from remit.scheme.numbers import numbers, statements
from remit.scheme.problem_codes import LINT
from remit.scheme.readings import disputed, readings_text, unfit_text
from remit.scheme.source import Key, Source
from remit.scheme.waiting import waits_for
from remit.scheme.walk import walk
from remit.scheme.words_beside import words_differ

RULES: dict[str, Code] = {code.name: code for code in LINT}
"""Every rule by its code: whether it warns or notes, and when."""

BUDGET_TOLERANCE = 200
"""Pence by which a printed budget may differ from list times rate: budgets are printed in whole pounds."""


def lint(scheme: Scheme, source: Source) -> list[Problem]:
    """Every finding, in the order of the file. `source` is what the scheme was built from.

    What a scheme that it extends defines may stay unused: that is the other file's business.
    """
    problems = [
        problem(rule, message, source.place(path), "", data, RULES[rule].severity)
        for check in _CHECKS
        for rule, path, message, data in check(scheme)
    ]
    problems += [
        problem(rule, message, source.place(path), "", data, RULES[rule].severity)
        for rule, path, message, data in _inherited(scheme, source)
    ]
    problems = [one for one in problems if not one.code.startswith("lint.unused") or _file(one) == source.name]
    return sorted(problems, key=lambda one: (one.place or Place(""), one.code))


def _file(one: Problem) -> str:
    return one.place.file if one.place else ""


Findings = Iterator[tuple[str, Key, str, dict[str, object]]]


def _mixed(scheme: Scheme) -> Findings:
    """The thresholds on one item's achievement, its own and those of items it gates, where the operators differ."""
    for boundary in boundaries(scheme):
        if not boundary.gate:
            continue
        position = next(n for n, item in enumerate(scheme.items) if item.item == boundary.item.item)
        gate = scheme.item(boundary.gate)
        own = {} if gate.kind.missing() else {threshold.at: threshold.above for threshold in gate.kind.thresholds()}
        for edge in boundary.gates:
            at = edge.threshold.at
            if at not in own or own[at] == edge.threshold.above:
                continue
            here = [side for side in (edge.below, edge.at, edge.above) if side]
            rates = "; ".join(
                f"{percent_text(side.rate)} earns {award_text(side.earned, gate.kind.unit)} in {gate.item} and "
                f"{_table_name(boundary.item, side.table)} in {boundary.item.item}"
                for side in here
            )
            signs = (">", ">=") if own[at] else (">=", ">")
            threshold = f"{exact_text(at * 100)}%"
            message = (
                f"{gate.item} has {signs[0]}{threshold} and {boundary.item.item} has {signs[1]}{threshold}. "
                f"Right if the source prints both: {rates}."
            )
            yield (
                "lint.mixed-operators",
                ("items", position, "pays", "steps", "tables"),
                message,
                {"items": (gate.item, boundary.item.item)},
            )


def _table_name(item: Item, when: str) -> str:
    kind = item.kind
    assert isinstance(kind, Steps)
    number = next((n for n, table in enumerate(kind.tables, 1) if table.when.text == when), 0)
    return f"table {number} ({when})" if number else "no table"


def _words(scheme: Scheme) -> Findings:
    """Each number against the source's words beside it."""
    for path, whose, text in words_differ(scheme):
        yield "lint.words-differ", path, f"{whose}: {text}", {"item": whose.removeprefix("item ")}


def _budgets(scheme: Scheme) -> Findings:
    for n, line in enumerate(scheme.budgets):
        if line.list.required or line.rate.required or line.budget.required:
            continue
        product = line.list.known() * line.rate.known()
        computed = scaled(product.numerator, product.denominator, 2)
        residual = int(line.budget.known() * 100) - computed
        if abs(residual) > BUDGET_TOLERANCE:
            product_text = f"{line.list} × {line.rate} is £{pence_text(computed)}"
            message = f"the budget of {line.place} is {line.budget}, but {product_text}."
            yield "lint.budget-differs", ("budgets", n, "budget"), message, {"place": line.place}


def _labels(scheme: Scheme) -> Findings:
    per_point: dict[str, Fraction] = {}
    for item in scheme.items:
        most = item.kind.most_earned()
        if item.label_points and item.label_points.value and most:
            per_point[item.item] = most * 100 / item.label_points.value
    if len(set(per_point.values())) > 1:
        low, high = min(per_point, key=lambda code: per_point[code]), max(per_point, key=lambda code: per_point[code])
        texts = [exact_text(per_point[code], most=2) for code in (low, high)]
        message = (
            f"a label point stands for {texts[0]}p in {low} and {texts[1]}p in {high}: pay comes from the pence, "
            "not from the points."
        )
        first = next(n for n, item in enumerate(scheme.items) if item.label_points)
        yield "lint.labels-not-proportional", ("items", first, "label_points"), message, {"items": (low, high)}


def _unsourced(scheme: Scheme) -> Findings:
    bare = [number for number in numbers(scheme) if not number.source]
    if bare:
        message = f"{len(bare)} numbers name no source: {_listed([number.label for number in bare])}."
        yield "lint.no-source", bare[0].path, message, {"numbers": [number.label for number in bare]}


def _unused(scheme: Scheme) -> Findings:
    terms, prevalence = scheme.terms, scheme.weights.prevalence
    used = {terms.balance.due, terms.balance.reviewed, terms.recovery.notified, terms.recovery.first}
    used |= {prevalence.basis if prevalence else ""}
    used |= {scheme.retires or "", scheme.networks.distribution if scheme.networks else ""}
    used |= {terms.changes.joiner, terms.changes.leaver, terms.changes.merger}
    cited = {scheme.source}
    for path, value in walk(scheme):
        if isinstance(value, DatedIndicator):
            used.add(value.from_)
        if path[0] != "sources":
            cited |= {getattr(value, "source", None), getattr(value, "look_up", None)}
    cited |= {question.look_up for question in scheme.to_look_up}
    for name in scheme.parameters:
        if name not in used:
            yield "lint.unused-parameter", ("parameters", name), f"nothing uses the parameter '{name}'.", {"name": name}
    for name in scheme.sources:
        if name not in cited:
            yield "lint.unused-source", ("sources", name), f"nothing names the source '{name}'.", {"name": name}
    paid = {code for item in scheme.items for code in item.indicators}
    for n, indicator in enumerate(scheme.indicators):
        if indicator.indicator not in paid:
            message = f"no item pays on the indicator '{indicator.indicator}'."
            yield "lint.unused-indicator", ("indicators", n), message, {"name": indicator.indicator}


def _inherited(scheme: Scheme, source: Source) -> Findings:
    """What an overlay takes over and may not mean to: said where it names its year, and where its own numbers stand."""
    if source.base and (kept := of_another_year(source)):
        before = source.base.tree.get("year")
        shown = _listed([f"{path_text(path)} {text}" for path, text in kept], 8)
        keeps = f"keeps of {scheme.extends}, which is of {before}: {shown}."
        message = f"the file is of {scheme.year}, and {keeps} Give those of {scheme.year}."
        yield "lint.of-another-year", ("year",), message, {"names": [path_text(path) for path, _ in kept]}
    for number in under_anothers_source(scheme, source):
        where = f"'{number.source}', which {scheme.extends} has read for its own number"
        message = f"{number.label}, {number.text}, is shown as seen in {where}."
        yield "lint.anothers-source", number.path, message, {"source": number.source}


def _levels(scheme: Scheme) -> Findings:
    """What says that it is for each patient and quarter, and would be paid for a patient on another level too."""
    for n, item in enumerate(scheme.items if scheme.claims else ()):
        unit = item.kind.each.lower() if isinstance(item.kind, Activity) else ""
        if "patient" in unit and "quarter" in unit and scheme.claims and item.item not in scheme.claims.levels:
            message = f"item {item.item} is for each {unit}, but claims.levels does not name it: a patient on another "
            yield (
                "lint.no-level",
                ("items", n, "pays", "activity", "each"),
                f"{message}level is paid for on it too.",
                {"item": item.item},
            )


def _lists(scheme: Scheme) -> Findings:
    for n, item in enumerate(scheme.items):
        if item.measure not in ("prevalence", "per_1000") or not item.indicators:
            continue
        population = scheme.list_of(scheme.indicator(item.indicators[0]))
        if population != WHOLE_LIST:
            what = "a prevalence over" if item.measure == "prevalence" else "counted for each 1,000"
            message = f"item {item.item} is {what} people {population}: the counts must give LIST_SIZE."
            yield "lint.needs-list-size", ("items", n, "measure"), message, {"item": item.item}


def _same(scheme: Scheme) -> Findings:
    """Two items that pay on the same counts, or the same earlier pounds by their words, under the same conditions."""
    first: dict[tuple[object, ...], str] = {}
    for n, item in enumerate(scheme.items):
        kind = item.kind
        if isinstance(kind, Historic) and kind.unit == "pounds":
            paid_on = f"{kind.of} of {listed(kind.years)}"
            what: tuple[object, ...] = (kind.of, kind.years)
        elif item.indicator is not None and item.measure in (*RATES, "register"):
            paid_on = f"the {item.measure.replace('per_1000', 'rate per 1,000')} of {' and '.join(item.indicators)}"
            what = (item.indicators, item.measure)
        else:
            continue
        key = (*what, item.requires, item.only_if, scheme.within.get(item.item))
        if key in first:
            message = f"{first[key]} and {item.item} both pay on {paid_on}. Right if the source pays for it twice."
            yield "lint.paid-twice", ("items", n), message, {"items": (first[key], item.item)}
        first.setdefault(key, item.item)


def _period(scheme: Scheme) -> Findings:
    """A moved achievement date without its payment period: the windows of rules would end after it."""
    if scheme.period() is None:
        message = (
            f"achievement is measured on {scheme.achievement_date}, not on the last day of {scheme.year}: say over "
            "which payment period with 'payment_period: {from: …, to: …}'. Records cannot be counted without it."
        )
        yield "lint.payment-period-open", ("achievement_date",), message, {"day": str(scheme.achievement_date)}


def _required(scheme: Scheme) -> Findings:
    """What a run must be told. Terms that the file leaves out count together, as one thing to look at."""
    written = {path for path, _ in walk(scheme) if _is_written(scheme, path)}
    without = never_due(scheme)
    silent = [s.label for s in statements(scheme) if s.required and s.path not in written and s.path[:2] not in without]
    if silent:
        message = f"the file does not say, and a run may be asked for: {', '.join(silent)}."
        yield "lint.required-input", ("terms",), message, {"names": silent}
    for name, parameter in scheme.parameters.items():
        if parameter.default is None:
            waiting = " and ".join(waits_for(scheme, name)) or "nothing"
            message = f"the parameter '{name}' has no default. What waits for it: {waiting}."
            yield "lint.required-parameter", ("parameters", name), message, {"name": name}
    of_two = {one.number.path: one for one in disputed(scheme)}
    for number in statements(scheme):
        if number.required and number.path in written:
            why = "no source gives it"
            if number.path in of_two and of_two[number.path].quantity.readings:
                why = f"reports say {readings_text(of_two[number.path].quantity)}"
            message = f"{number.label} is required: {why}."
            yield "lint.required-input", number.path, message, {"names": (number.label,)}
    for n, item in enumerate(scheme.items):
        if isinstance(item.kind, Required):
            message = f"item {item.item} pays nothing until it is supplied: {item.kind.supply}."
            yield "lint.required-input", ("items", n), message, {"names": (item.item,)}
    factors = [name for name in ("prevalence", "target_population") if any(name in i.weights for i in scheme.items)]
    if factors:
        names = " and ".join(factors).replace("_", " ")
        message = f"the {names} weight needs national registers and lists."
        yield "lint.required-national", ("weights",), message, {"weights": factors}


def _readings(scheme: Scheme) -> Findings:
    """A number that is none of what its reports say."""
    for one in disputed(scheme):
        if not one.fits:
            yield "lint.none-of-readings", one.number.path, unfit_text(one), {"name": one.number.label}


def _unverified(scheme: Scheme) -> Findings:
    every = [one for one in statements(scheme) if one.unit != "part" and not one.required]
    doubted = [one for one in every if one.standing != "verified"]
    if doubted:
        kinds = [[one for one in some if one.is_number] for some in (doubted, every)]
        others = [len(some) - len(kind) for some, kind in zip((doubted, every), kinds, strict=True)]
        message = (
            f"{len(kinds[0])} of {len(kinds[1])} numbers and {others[0]} of {others[1]} dates, rules and definitions"
        )
        yield "lint.unverified", ("scheme",), f"{message} are not verified.", {"names": [one.label for one in doubted]}
    silent = [item.item for item in scheme.items if not item.words]
    if silent:
        yield (
            "lint.no-words",
            ("items",),
            f"{len(silent)} items quote no words of the source: {_listed(silent)}.",
            {"items": silent},
        )


def _is_written(scheme: Scheme, path: Key) -> bool:
    """Whether a file says what stands at a path itself; a term that it leaves out is open."""
    part: object = scheme
    for key in path:
        if isinstance(part, Strict):
            named = {field.alias or name: name for name, field in type(part).model_fields.items()}
            if named.get(str(key)) not in part.model_fields_set:
                return False
            part = getattr(part, named[str(key)])
        elif isinstance(part, tuple):
            part = part[int(key)]
        elif isinstance(part, dict):
            part = part[key]
    return True


def _listed(names: list[str], most: int = 4) -> str:
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")


_CHECKS = (
    _mixed, _words, _budgets, _labels, _unsourced, _unused, _levels, _lists, _same, _period, _required, _readings,
    _unverified, settled_before_paid, repaid_not_advanced, limits_at_odds,
)  # fmt: skip
