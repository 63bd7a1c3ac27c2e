"""The counts of an item's parts, where a reform makes several of one: supplied, from records, or by a stated split.

There is no default. Whatever the way, the parts of a practice add up exactly to the whole item: denominator, numerator
and personalised care adjustments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from remit.core.figures import DENOMINATOR, NUMERATOR, PCAS, FigureKey
from remit.core.problems import Problem, Refused, error
from remit.core.words import listed
from remit.disclosure.breakdowns import BY, EvaluatedCounts
from remit.pricing.scenario import Change
from remit.scheme import Scheme
from remit.scheme.reform_file import LoadedReform
from remit.scheme.reform_model import Split, Stratification
from remit.scoring.achievement import Subjects

_COUNTED = {"achieved": (NUMERATOR, DENOMINATOR), "not_achieved": (DENOMINATOR,), "pca": (PCAS,)}
_SHOWN = 5


@dataclass(frozen=True)
class PartCounts:
    """The parts' figures by practice, and what they rest on in sentences; `lacking` has who has no counts of an item.

    A practice that lacks them has no figures of the parts, so that what it would be paid for them is not known.
    """

    figures: Mapping[str, Change] = field(default_factory=dict)
    sentences: tuple[str, ...] = ()
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def apportioned(whole: int, targets: Sequence[Fraction], most: Sequence[int] | None = None) -> list[int]:
    """`whole` in whole numbers as near to the targets as they go, none below 0 or above its `most`; they add up to it.

    Each gets its target's whole part; what is left goes one by one to the part that is furthest below its target, the
    first of several. Raises ValueError where `most` has no room for it.
    """
    limits = list(most) if most is not None else [whole] * len(targets)
    if sum(limits) < whole:
        raise ValueError(f"{whole} cannot be shared among parts of at most {limits}")
    shares = [
        min(max(target.numerator // target.denominator, 0), limit)
        for target, limit in zip(targets, limits, strict=True)
    ]
    while (total := sum(shares)) != whole:
        step = 1 if total < whole else -1
        able = [n for n, share in enumerate(shares) if (share < limits[n] if step > 0 else share > 0)]
        n = max(able, key=lambda one: (step * (targets[one] - shares[one]), -one))
        shares[n] += step
    return shares


def split_counts(split: Split, denominator: int, numerator: int, pcas: int | None) -> dict[str, dict[FigureKey, int]]:
    """The parts of one practice's counts by stated shares, and differences from the whole item's achievement.

    The differences are taken less their mean, weighted by the parts' denominators, so that the whole's achievement
    stays. A part's achievement is kept between nobody and everybody.
    """
    codes = list(split.parts)
    shares = [split.parts[code].share.known() for code in codes]
    parts = apportioned(denominator, [denominator * share for share in shares])
    differences = [one.amount if (one := split.parts[code].difference) else Fraction(0) for code in codes]
    mean = (
        sum((d * n for d, n in zip(differences, parts, strict=True)), Fraction(0)) / denominator if denominator else 0
    )
    rate = Fraction(numerator, denominator) if denominator else Fraction(0)
    targets = [n * min(max(rate + d - mean, Fraction(0)), Fraction(1)) for d, n in zip(differences, parts, strict=True)]
    achieved = apportioned(numerator, targets, parts)
    figures = {code: {DENOMINATOR: n, NUMERATOR: x} for code, n, x in zip(codes, parts, achieved, strict=True)}
    if pcas is not None:
        for code, many in zip(codes, apportioned(pcas, [pcas * share for share in shares]), strict=True):
            figures[code][PCAS] = many
    return figures


def by_split(reform: LoadedReform, code: str, split: Split, figures: Mapping[str, Subjects]) -> PartCounts:
    """The parts of an item in every practice, by a stated split of what it counted there."""
    changes: dict[str, Change] = {}
    lacking: list[str] = []
    for practice, subjects in figures.items():
        whole = _of_whole(reform.base, code, subjects)
        if whole is None:
            lacking.append(practice)
            continue
        parts = split_counts(split, *whole)
        changes[practice] = {(part, key): many for part, each in parts.items() for key, many in each.items()}
    stated = [
        _stated(part, one.share.text, one.difference.amount if one.difference else None)
        for part, one in split.parts.items()
    ]
    sentence = f"{code} is split in every practice by stated shares: {'; '.join(stated)}. Source: {split.source}."
    return PartCounts(changes, (sentence,), {code: tuple(lacking)} if lacking else {})


def _stated(part: str, share: str, difference: Fraction | None) -> str:
    moved = (
        f", {'+' if difference > 0 else '−'}{float(abs(difference) * 100):g} percentage points" if difference else ""
    )
    return f"{part} {share} of the denominator{moved}"


def _of_whole(scheme: Scheme, code: str, subjects: Subjects) -> tuple[int, int, int | None] | None:
    """Denominator, numerator and PCAs of an item, under its own code or its indicator's; None where not counted."""
    item = scheme.item(code)
    for subject in (code, *item.indicators):
        own = subjects.get(subject, {})
        if DENOMINATOR in own and NUMERATOR in own:
            pcas = own.get(PCAS)
            return int(own[DENOMINATOR]), int(own[NUMERATOR]), None if pcas is None else int(pcas)
    return None


def from_records(
    reform: LoadedReform, code: str, stratification: Stratification, evaluation: EvaluatedCounts
) -> PartCounts:
    """The parts of an item in every practice of an evaluation, by its breakdown. Raises Refused where patients are of a
    value that no part counts, or the evaluation did not count the indicator."""
    indicator = reform.base.item(code).indicators[0]
    dimension = BY[stratification.by]
    part_of = {value: part for part, one in stratification.into.items() for value in one.of}
    counted: dict[str, dict[tuple[str, FigureKey], int]] = defaultdict(
        lambda: {(part, key): 0 for part in stratification.into for key in (DENOMINATOR, NUMERATOR, PCAS)}
    )
    strays: dict[str, int] = defaultdict(int)
    for practice, value, category, patients in _cells(evaluation, indicator, dimension):
        if value not in part_of:
            strays[value] += patients if category in _COUNTED else 0
            continue
        for key in _COUNTED.get(category, ()):
            counted[practice][part_of[value], key] += patients
    left = {value: many for value, many in strays.items() if many}
    if left or not counted:
        raise Refused([_stray(code, stratification, left) if left else _uncounted(code, indicator)])
    lacking = tuple(practice for practice in evaluation.practices if practice not in counted)
    sentence = f"The parts of {code} are counted from records on {evaluation.manifest.on}, by {stratification.by}."
    return PartCounts(dict(counted), (sentence,), {code: lacking} if lacking else {})


def _cells(evaluation: EvaluatedCounts, indicator: str, dimension: str) -> Iterator[tuple[str, str, str, int]]:
    columns = ("practice_code", "indicator_code", "dimension", "value", "category", "patients")
    for practice, of, by, value, category, patients in zip(
        *(evaluation.cells[name].to_pylist() for name in columns), strict=True
    ):
        if of == indicator and by == dimension:
            yield practice, value, category, patients


def _stray(code: str, stratification: Stratification, left: Mapping[str, int]) -> Problem:
    values = listed([f"'{value}' ({many:,})" for value, many in left.items()])
    what = f"{code} by {stratification.by}: patients of {values} are in none of {listed(tuple(stratification.into))}."
    hint = "Name these values under 'of' of a part."
    return error("analysis.part-missing", what, None, hint, item=code, values=list(left))


def _uncounted(code: str, indicator: str) -> Problem:
    what = f"the evaluation counted nobody under {indicator}, which {code} pays on."
    return error("analysis.part-missing", what, None, "Evaluate the scheme that the reform changes.", item=code)


def as_supplied(reform: LoadedReform, code: str, figures: Mapping[str, Subjects]) -> PartCounts:
    """The parts of an item as supplied; raises Refused where nobody's are there."""
    parts = tuple(reform.stratified[code].into)
    changes: dict[str, Change] = {}
    lacking = []
    for practice, subjects in figures.items():
        own = {
            (part, key): int(subjects[part][key])
            for part in parts
            if part in subjects
            for key in (DENOMINATOR, NUMERATOR, PCAS)
            if key in subjects[part]
        }
        if all((part, key) in own for part in parts for key in (DENOMINATOR, NUMERATOR)):
            changes[practice] = own
        else:
            lacking.append(practice)
    if not changes:
        raise Refused([needed(code, reform.stratified[code])])
    return PartCounts(changes, (f"The counts of the parts of {code} are as supplied.",), {code: tuple(lacking)})


def needed(code: str, stratification: Stratification) -> Problem:
    """What is missing so that the parts of an item have counts: every way to give them."""
    parts = listed(tuple(stratification.into))
    what = f"{code} becomes {parts}, and their counts are missing."
    hint = (
        f"Supply DENOMINATOR and NUMERATOR of {parts} for each practice; or state a split under 'counts' with its "
        f"source; or give an evaluation of records, with 'counts: records' (it has a breakdown by {stratification.by})."
    )
    return error("analysis.part-missing", what, None, hint, item=code, parts=list(stratification.into))


def part_counts(
    reform: LoadedReform,
    figures: Mapping[str, Subjects],
    supplied: Mapping[str, Subjects] | None = None,
    evaluation: EvaluatedCounts | None = None,
) -> PartCounts:
    """The figures of every part of every stratified item, for each practice of `figures`, the run's own.

    `supplied` has counts of the new items by practice, `evaluation` an evaluation of records. Raises Refused with
    everything that is missing, by name.
    """
    problems: list[Problem] = []
    results: list[PartCounts] = []
    for code, one in reform.stratified.items():
        way = one.counts.way if one.counts else ""
        try:
            if one.counts and one.counts.split:
                results.append(by_split(reform, code, one.counts.split, figures))
            elif way == "records" and evaluation is not None:
                results.append(_of_practices(from_records(reform, code, one, evaluation), code, figures))
            elif way == "supplied" and supplied is not None:
                results.append(as_supplied(reform, code, {name: supplied.get(name, {}) for name in figures}))
            else:
                problems.append(needed(code, one))
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    return _together(results)


def _of_practices(counts: PartCounts, code: str, figures: Iterable[str]) -> PartCounts:
    """The same for the practices of a run; whom the evaluation does not have lacks them."""
    own = {name: counts.figures[name] for name in figures if name in counts.figures}
    lacking = tuple(name for name in figures if name not in own)
    return PartCounts(own, counts.sentences, {code: lacking} if lacking else {})


def _together(results: Sequence[PartCounts]) -> PartCounts:
    figures: dict[str, dict[tuple[str, FigureKey], int]] = defaultdict(dict)
    lacking: dict[str, tuple[str, ...]] = {}
    for one in results:
        for practice, change in one.figures.items():
            figures[practice].update(change)
        lacking.update({code: names for code, names in one.lacking.items() if names})
    sentences = [sentence for one in results for sentence in one.sentences]
    for code, names in lacking.items():
        shown = listed(names[:_SHOWN]) if len(names) <= _SHOWN else f"{len(names):,} practices, {names[0]} first"
        sentences.append(f"There are no counts of the parts of {code} for {shown}, so what it pays them is not known.")
    return PartCounts(dict(figures), tuple(sentences), lacking)


def differing(reform: LoadedReform, counts: PartCounts, figures: Mapping[str, Subjects]) -> tuple[str, ...]:
    """The practices whose parts do not add up to what the run counted of the whole item: counts of another day, or of
    other patients."""
    found = []
    for practice, change in counts.figures.items():
        for code, one in reform.stratified.items():
            whole = _of_whole(reform.base, code, figures.get(practice, {}))
            if whole is None:
                continue
            sums = [sum(change.get((part, key), 0) for part in one.into) for key in (DENOMINATOR, NUMERATOR)]
            if sums != [whole[0], whole[1]]:
                found.append(practice)
                break
    return tuple(found)
