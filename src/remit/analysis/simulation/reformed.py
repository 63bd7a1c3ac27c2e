"""A run under a reform: the scheme that it makes, the counts that follow from it, and whether it keeps to its rules.

The order is: another timing, an item's parts, what practices would do differently, the floor under their income, and
last the scaling that keeps the reform within fixed resources.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction

from remit.analysis.simulation import behaviour
from remit.analysis.simulation.funding import FundingCheck, Scaled, checks, within
from remit.analysis.simulation.results import Verdict
from remit.analysis.simulation.stratified_counts import differing, part_counts
from remit.analysis.simulation.timing import Records, TimedCounts, counts_under
from remit.core import say
from remit.core.figures import FigureKey
from remit.core.problems import Refused, error
from remit.core.words import agreed
from remit.disclosure.breakdowns import EvaluatedCounts
from remit.pricing.scenario import NewFigures, Scenario, Standing
from remit.pricing.vector import vector_plan
from remit.runs.engine import Run
from remit.runs.what_if import otherwise, practices_under
from remit.scheme import Item, Scheme
from remit.scheme.reform_file import LoadedReform
from remit.scheme.reform_limits import checked
from remit.scheme.reform_model import FIXED, Behaviour
from remit.scheme.stratification import PROTECTION
from remit.scoring.achievement import Subjects


@dataclass(frozen=True)
class ReformSources:
    """What a reform may need beside the run: counts of new items by practice, an evaluation of records with its
    breakdown, and records to count at another time; and a behaviour in place of the file's own."""

    supplied: Mapping[str, Subjects] | None = None
    evaluation: EvaluatedCounts | None = None
    records: Records | None = None
    behaviour: Behaviour | None = None


NO_SOURCES = ReformSources()


@dataclass(frozen=True)
class ReformOfRun:
    """A reform of one scheme of a run. `reform` is as it was scaled, where it was; `after` the run as it would be.

    `written` is the reform as its file has it, before it was scaled. `counted` are the items whose figures differ
    from the run's; `sentences` say what was assumed and from where.
    """

    reform: LoadedReform
    written: LoadedReform
    after: Run
    counted: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    behaviour: behaviour.BehaviourResult = field(default_factory=behaviour.BehaviourResult)
    scaled: Scaled | None = None


def reform_of_run(run: Run, scheme: str, reform: LoadedReform, sources: ReformSources = NO_SOURCES) -> ReformOfRun:
    """The run under a reform of the scheme that it knows by this id. Raises Refused with what is missing, by name."""
    codes = [code for code in run.inputs.practices if run.inputs.assigned[code] == scheme]
    figures: dict[str, Subjects] = {code: run.inputs.counts.of(code) for code in codes}
    changes: dict[str, dict[tuple[str, FigureKey], int | Fraction]] = {}
    networks = _new_networks(run, scheme, reform)
    in_place: list[str] = []
    if sources.supplied:
        _add(changes, _of_new_items(sources.supplied, (*figures, *networks)))
        in_place += _in_place(figures, changes)
        figures = _with(run, figures, changes)
    timed = _timed(run, reform, figures, sources)
    _add(changes, timed.figures)
    figures = _with(run, figures, changes)
    sentences, warnings = list(timed.sentences), [*in_place, *timed.warnings]
    if reform.stratified:
        parts = part_counts(reform, figures, sources.supplied, sources.evaluation)
        sentences += parts.sentences
        warnings += _differing(differing(reform, parts, figures))
        _add(changes, parts.figures)
        figures = _with(run, figures, changes)
    brought = _brought(reform, sources.supplied or {}, codes)
    sentences += _of_brought(reform, brought)
    _add(changes, brought)
    figures = _with(run, figures, changes)
    assumed = behaviour.under(reform, figures, sources.behaviour)
    _add(changes, assumed.figures)
    if reform.file.protect and reform.file.protect.year is None:
        _add(changes, _paid_before(run, codes, reform.after))
        sentences.append(
            f"The floor of {PROTECTION} rests on what each practice is paid before the reform, in this run, and is the "
            "same in every draw of its counts."
        )

    def under(after: Scheme) -> Run:
        return otherwise(run, {scheme: after}, changes)

    scaled = None
    if reform.file.funding and reform.file.funding.rule == FIXED:
        scaled = within(reform, total_pence(run), lambda after: total_pence(under(after)))
        sentences.append(scaled.sentence if scaled else "It pays neither by points nor by the head: nothing is scaled.")
        if scaled and not (all_known(run) and all_known(under(scaled.reform.after))):
            sentences.append(
                "Not all that is paid is known, now or under the reform: the scaling rests on what is, and would be "
                "another with the rest."
            )
    final = scaled.reform if scaled else reform
    counted = dict.fromkeys(_item_of(final.after, subject) for change in changes.values() for subject, _ in change)
    return ReformOfRun(
        final, reform, under(final.after), tuple(counted), (*sentences, *assumed.sentences), tuple(warnings), assumed,
        scaled,
    )  # fmt: skip


def _new_networks(run: Run, scheme: str, reform: LoadedReform) -> tuple[str, ...]:
    """The networks through which a reform pays and the run does not: what they declare has to be supplied."""
    practices, assigned = practices_under(run.inputs, {**run.inputs.schemes, scheme: reform.after})
    return tuple(code for code in practices if assigned[code] == scheme and code not in run.inputs.practices)


def _of_new_items(
    supplied: Mapping[str, Subjects], codes: Iterable[str]
) -> dict[str, dict[tuple[str, FigureKey], int | Fraction]]:
    """The counts that are supplied, by practice."""
    return {
        code: {(subject, key): value for subject, of in supplied[code].items() for key, value in of.items()}
        for code in codes
        if code in supplied
    }


def _in_place(figures: Mapping[str, Subjects], supplied: Mapping[str, NewFigures]) -> Iterator[str]:
    """That supplied counts replace counts of the run: the difference then comes from them too."""
    subjects, codes = dict[str, None](), dict[str, None]()
    for code, change in supplied.items():
        own = figures.get(code, {})
        for (subject, key), value in change.items():
            if own.get(subject, {}).get(key, value) != value:
                subjects[subject] = codes[code] = None
    if subjects:
        many = f"{len(codes):,} {agreed('{practice|practices}', len(codes))}"
        yield (
            f"The counts of {say.listed(list(subjects))} that were supplied differ from the run's in {many}, and the "
            "reform is priced on them: a part of the difference is theirs."
        )


def _new_items(reform: LoadedReform) -> list[Item]:
    """The items that a reform brings in, other than the parts of one that becomes several."""
    known = {item.item for item in reform.base.items}
    parts = {part for one in reform.stratified.values() for part in one.into}
    return [item for item in reform.after.items if item.item not in known | parts]


def _brought(reform: LoadedReform, supplied: Mapping[str, Subjects], codes: Sequence[str]) -> dict[str, NewFigures]:
    """The figures that were supplied of the items that a reform brings in, by practice."""
    subjects = {subject for item in _new_items(reform) for subject in (item.item, *item.indicators)}
    subjects -= {code for item in reform.base.items for code in (item.item, *item.indicators)}
    return {
        code: {(subject, key): value for subject, of in own.items() if subject in subjects for key, value in of.items()}
        for code in codes
        if (own := supplied.get(code, {})).keys() & subjects
    }


def _of_brought(reform: LoadedReform, brought: Mapping[str, NewFigures]) -> Iterator[str]:
    """Which items' figures were supplied, and for which new items there are none."""
    given = {subject for change in brought.values() for subject, _ in change}
    base = {code for item in reform.base.items for code in item.indicators}
    counted = [i for i in _new_items(reform) if i.kind.reads() or (i.measure and not base & {i.item, *i.indicators})]
    counted = [
        item for item in counted if item.item != PROTECTION or (reform.file.protect and reform.file.protect.year)
    ]
    known = [item.item for item in counted if given & {item.item, *item.indicators}]
    unknown = [item.item for item in counted if item.item not in known]
    if known:
        yield f"The figures of {say.listed(known)} are as supplied."
    if unknown:
        yield f"No figures of {say.listed(unknown)} were supplied: what the reform pays for it is not known."


def _timed(run: Run, reform: LoadedReform, figures: Mapping[str, Subjects], sources: ReformSources) -> TimedCounts:
    """The counts at another time, of what the scheme has before the reform; none where the time is the same."""
    timing = reform.file.timing
    if timing is None:
        return TimedCounts()
    if any(one.counts and one.counts.way == "records" for one in reform.stratified.values()):
        what = "another timing and parts that are counted from records cannot be put together in one reform."
        hint = "State a split, or supply the parts' counts at that time."
        raise Refused([error("analysis.timing-unfit", what, None, hint)])
    practices = [code for code in figures if run.inputs.practices[code].level == "practice"]
    return counts_under(timing, reform.base, practices, sources.records)


def _add(changes: dict[str, dict[tuple[str, FigureKey], int | Fraction]], more: Mapping[str, NewFigures]) -> None:
    for practice, change in more.items():
        changes.setdefault(practice, {}).update(change)


def _with(run: Run, figures: Mapping[str, Subjects], changes: Mapping[str, NewFigures]) -> dict[str, Subjects]:
    """The figures with changes laid on them."""
    return {
        code: Scenario(figures=changes[code]).standing(Standing(run.inputs.practices[code], (), own)).figures
        if code in changes
        else own
        for code, own in figures.items()
    }


def _differing(codes: tuple[str, ...]) -> Iterator[str]:
    if codes:
        whose = say.listed(codes) if len(codes) <= 5 else f"{len(codes):,} practices, {codes[0]} first,"
        yield f"The parts' counts of {whose} do not add up to what the run counts: they are of other patients or days."


def _paid_before(run: Run, codes: list[str], after: Scheme) -> dict[str, NewFigures]:
    """What each practice is paid in the run, as the pounds on which the floor rests; none where that is not known."""
    key = FigureKey("HISTORIC_POUNDS", after.year)
    found: dict[str, NewFigures] = {}
    for code in codes:
        awarded = run.practice(code).awarded
        if not awarded.unknown:
            found[code] = {(PROTECTION, key): Fraction(awarded.pence, 100)}
    return found


def total_pence(run: Run) -> int:
    """What a run pays in all, as far as it is known: each practice's award, or its network's."""
    if not any(plan.scheme.networks for plan in run.plans.values()):
        with suppress(OverflowError):  # then one by one, where pounds have no largest number
            return sum(_by_columns(run, name) for name in run.plans)
    return sum(result.awarded.pence for result in run.results() if not result.through_network)


def all_known(run: Run) -> bool:
    """Whether every award of a run is known."""
    for name, plan in run.plans.items():
        if plan.scheme.networks:
            return all(not result.awarded.unknown for result in run.results() if not result.through_network)
        standings = [run.standing(code) for code in run.codes if run.inputs.assigned[code] == name]
        with suppress(OverflowError):
            known = vector_plan(plan, standings).price().total()[1] if standings else None
            if known is not None and not known.all():
                return False
    return True


def _by_columns(run: Run, name: str) -> int:
    """What the practices of one scheme are paid, all at once."""
    standings = [run.standing(code) for code in run.codes if run.inputs.assigned[code] == name]
    return int(vector_plan(run.plans[name], standings).price().total()[0].sum()) if standings else 0


def _item_of(scheme: Scheme, subject: str) -> str:
    """The item that a subject's figures are of."""
    items = [item.item for item in scheme.items]
    if subject in items:
        return subject
    return next((item.item for item in scheme.items if subject in item.indicators), subject)


def rules_kept(
    of_run: ReformOfRun,
    before: Mapping[str, int | None],
    after: Mapping[str, int | None],
    losses: Mapping[str, Fraction | None],
) -> tuple[Verdict, ...]:
    """Every limit and rule of funding, with its figure and verdict.

    `before` and `after` have the pence of each item that the reform touches, `losses` each practice's loss as a share
    of what it was paid (0 for none, None where not known).
    """
    reform, scaled = of_run.reform, of_run.scaled
    found = []
    for check in checked(of_run.written):  # that all pence are scaled alike modifies no item
        share = f" ({say.percent(check.share, 1)})" if check.share is not None else ""
        limit = f"; the limit is {say.percent(check.limit)}" if check.limit is not None else ""
        text = check.why or f"{check.words}{share}{limit}."
        if scaled and scaled.by_item and check.name.startswith("modified"):
            text += " That all pence are scaled alike is not counted."
        found.append(Verdict(check.title, check.holds, text, check.limit is not None))
    found += [_funding(one) for one in checks(reform, before, after, scaled)]
    most = reform.file.limits.largest_loss
    if most is not None:
        found.append(_largest_loss(most.known(), losses))
    return tuple(found)


def _funding(check: FundingCheck) -> Verdict:
    return Verdict(say.capital(check.name), check.holds, check.sentence, funding=True)


def _largest_loss(limit: Fraction, losses: Mapping[str, Fraction | None]) -> Verdict:
    known = {code: share for code, share in losses.items() if share is not None}
    unknown = len(losses) - len(known)
    more = f" Of {unknown:,} it is not known." if unknown else ""
    if not known:
        return Verdict("Largest loss", None, f"Not known of any practice; the limit is {say.percent(limit)}.")
    code = max(sorted(known), key=lambda each: known[each])
    over = sum(share > limit for share in known.values())
    text = f"{code} loses {say.percent(known[code], 1)}, the largest share of a practice's own pounds; "
    text += f"the limit is {say.percent(limit)}"
    text += f", which {over:,} of {len(known):,} practices lose more than." if over else "."
    if not known[code]:
        text = f"No practice loses; the limit is {say.percent(limit)}."
    return Verdict("Largest loss", None if unknown and not over else not over, text + more)
