"""Simulate reforms of a run's scheme: who gains and loses, by how much, and how much of that is chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from remit.analysis.simulation.behaviour import RecordedCare
from remit.analysis.simulation.central import central
from remit.analysis.simulation.folder import OVERLAY, SimulationManifest, write_into
from remit.analysis.simulation.groups import Group, groups
from remit.analysis.simulation.profiles import DigitalFirst, profiles
from remit.analysis.simulation.results import Attributes, Chance, ReformOutcome, Simulation
from remit.application.needs_analysis import check_analysis_installed
from remit.application.overview import sensitive_items
from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.application.simulate_reforms import RunReform, SourceFiles, identity, overlay_files, reforms_of
from remit.core.problems import Problem, refuse, warning
from remit.core.version import VERSION
from remit.core.words import listed
from remit.disclosure.policies import load_policy
from remit.documents.render.html import as_html
from remit.documents.simulation import preface
from remit.documents.simulation import simulation as document
from remit.files.folders import check_free, whole_folder
from remit.files.hashes import sha256_file, sha256_text
from remit.files.manifest import MANIFEST
from remit.files.tables import CsvRows
from remit.organisation.attributes import PracticeAttributes, check_attributes, without_unknown
from remit.runs import open_run

if TYPE_CHECKING:
    from remit.analysis.simulation.work import DrawBasis
    from remit.runs.engine import Run

__all__ = ["DigitalFirst", "Request", "Result", "SourceFiles", "evaluate"]

NO_FILES = SourceFiles()
_FEWEST_DRAWS = 40
"""With fewer, no draw would lie outside the middle 95 of 100."""


@dataclass(frozen=True)
class Request:
    """The run that is the base, and the reform files, each laid over its scheme by itself.

    `draws` are how often the year's counts are drawn; 0 for exact figures alone. `about` is a file of the practices'
    attributes, `sources` what reforms may need beside the run, `folder` where the simulation is kept, if anywhere.
    `workers` is chosen where it is 0.
    """

    run: Path
    changes: tuple[Path, ...]
    about: Path | None = None
    draws: int = 200
    seed: int = 1
    digital_first: DigitalFirst | None = None
    folder: Path | None = None
    workers: int = 0
    sources: SourceFiles = NO_FILES
    replace: bool = False


@dataclass(frozen=True)
class Result:
    """The simulation and its warnings; `folder` is where it was written, if anywhere."""

    simulation: Simulation
    folder: Path | None = None
    warnings: tuple[Problem, ...] = field(default=())


def _check_drawn(runs: Sequence[Run]) -> None:
    """Refuse to draw schemes that pay some items to practices and some to networks."""
    for scheme in (plan.scheme for run in runs for plan in run.plans.values()):
        if scheme.pays_both:
            items = listed([item.item for item in scheme.through_networks()])
            what = (
                f"{scheme.scheme} pays {items} to networks and the rest to practices, which cannot be drawn together."
            )
            raise refuse("analysis.paid-to-both", what, None, "Simulate it without draws.", scheme=scheme.scheme)


def evaluate(request: Request, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> Result:
    """Price the run as it is and under each reform, then draw by draw. Raises Refused with all that does not fit.

    Stopped, with a folder to write, the draws that are done stay beside it, and the same request goes on from there.
    """
    if request.draws:
        check_analysis_installed()
    if 0 < request.draws < _FEWEST_DRAWS:
        what = f"{request.draws} draws are too few for what lies in 95 of 100."
        raise refuse("analysis.too-few-draws", what, None, f"Ask for {_FEWEST_DRAWS} or more, or for none.")
    if request.folder:
        check_free(request.folder, request.replace, SimulationManifest)
    run = open_run(request.run)
    reforms = reforms_of(run, request.changes, request.sources, request.folder or Path("simulation"))
    if request.draws:
        _check_drawn([run, *(one.run.after for one in reforms)])
    about, warnings = _attributes(run, request.about)
    members = _members(run, about)
    steps = _Steps(reporting(on_progress, cancelled), len(run.codes), request.draws)
    sensitive = {code for of in (run, *(one.run.after for one in reforms)) for code in sensitive_items(of)}
    outcomes = central(run, [one.run for one in reforms], members, steps.priced, sensitive)
    few = load_policy("default").hide_up_to
    outcomes = [
        replace(
            _with_small_hidden(one.with_verdicts(outcome), sensitive, few),
            profiles=profiles(run, outcome, one.run.after, request.digital_first),
        )
        for outcome, one in zip(outcomes, reforms, strict=True)
    ]
    result = Simulation(
        tuple(dict.fromkeys(plan.scheme.title for plan in run.plans.values())),
        tuple(outcomes), 0, request.seed, _given(run, request.about, about), "", run.counted_on,
    )  # fmt: skip
    if request.draws:
        result, changed = _with_chance(request, run, reforms, members, result, steps)
        if changed:
            what = f"draws of an interrupted simulation were dropped, for {listed(changed)} changed since."
            warnings.append(warning("analysis.begun-anew", what, changed=changed))
    if request.folder:
        _write(request, run, reforms, about, result)
    return Result(result, request.folder, tuple(warnings))


def _with_small_hidden(outcome: ReformOutcome, sensitive: Set[str], few: int) -> ReformOutcome:
    """Without the recorded counts of sensitive items, and those from which a count of 1 to `few` could be read off; and
    without a practice's contacts of 1 to `few`."""

    def shown(one: RecordedCare) -> bool:
        counts = (
            one.denominator, one.before, one.after, one.denominator - one.before, one.denominator - one.after,
        )  # fmt: skip
        return one.item not in sensitive and not any(0 < count <= few for count in counts)

    if outcome.effort:
        outcome = replace(outcome, effort=replace(outcome.effort, few=few))
    hidden = [one.item for one in outcome.recorded if not shown(one)]
    if not hidden:
        return outcome
    why = f"Of {listed(hidden)} no counts are shown: they are sensitive, or counts of 1 to {few} could be read off."
    recorded = tuple(one for one in outcome.recorded if shown(one))
    return replace(outcome, recorded=recorded, behaviour=(*outcome.behaviour, why))


@dataclass
class _Steps:
    """Progress over practices, priced first exactly and then in draws."""

    report: OnProgress
    practices: int
    draws: int

    def priced(self, done: int, of: int) -> None:
        """So many are priced exactly."""
        self.report(done, of * 2 if self.draws else of)

    def drawn(self, done: int, of: int) -> None:
        """So many are drawn."""
        self.report(self.practices + done * self.practices // max(of, 1), 2 * self.practices)


def _with_chance(
    request: Request,
    run: Run,
    reforms: Sequence[RunReform],
    members: Mapping[Group, Sequence[str]],
    result: Simulation,
    steps: _Steps,
) -> tuple[Simulation, list[str]]:
    """The same with what chance makes of each difference; and what has changed since an interrupted simulation."""
    from remit.analysis.simulation.blocks import each_block
    from remit.analysis.simulation.chances import Chances
    from remit.analysis.simulation.draws import Draws
    from remit.analysis.simulation.work import done_blocks

    afters = [one.run.after for one in reforms]
    draws = Draws(run, afters, request.seed, request.draws, [one.run.counted for one in reforms])
    if not draws.any_drawn:
        why = " ".join(draws.not_drawn) or "No item that the reforms change counts patients."
        return replace(result, no_draws=f"Nothing is said of chance. {why}"), []
    chances = Chances(len(reforms), request.draws, draws.alone, members)
    with done_blocks(request.folder) as done:
        changed = done.take_up(_basis(request, run, reforms)) if request.folder else []
        open_ = []
        for block in draws.blocks:
            kept = done.read(block.number)
            if kept is None:
                open_.append(block)
            else:
                chances.add(draws.columns_of[block.number], kept)
        of = len(draws.blocks)
        steps.drawn(of - len(open_), of)
        for n, (block, differences) in enumerate(each_block(open_, draws.work, request.workers or 2), 1):
            done.write(block.number, differences)
            chances.add(draws.columns_of[block.number], differences)
            steps.drawn(of - len(open_) + n, of)
    outcomes = [_chanced(one, chances.by_unit[n], chances.groups(n)) for n, one in enumerate(result.reforms)]
    outcomes = [replace(one, not_drawn=draws.not_drawn) for one in outcomes]
    return replace(result, reforms=tuple(outcomes), draws=request.draws), changed


def _chanced(one: ReformOutcome, units: Mapping[str, Chance], of_groups: Mapping[Group, Chance]) -> ReformOutcome:
    return replace(one, chance=units, groups=tuple(replace(of, chance=of_groups.get(of.group)) for of in one.groups))


def _basis(request: Request, run: Run, reforms: Sequence[RunReform]) -> DrawBasis:
    import numpy

    from remit.analysis.simulation.work import DrawBasis

    return DrawBasis(
        remit=VERSION,
        numpy=numpy.__version__,
        run=sha256_file(request.run / MANIFEST),
        reforms=tuple((one.name, sha256_text("\n".join(identity(one.run.after, run)))) for one in reforms),
        seed=request.seed,
        draws=request.draws,
    )


def _write(
    request: Request,
    run: Run,
    reforms: Sequence[RunReform],
    about: Mapping[str, PracticeAttributes],
    result: Simulation,
) -> None:
    assert request.folder is not None
    hashes = sha256_file(request.run / MANIFEST), sha256_file(request.about) if request.about else None
    overlays = {one.name: overlay_files(one) for one in reforms}
    for outcome in result.reforms:
        overlays[outcome.name][OVERLAY] = preface(outcome, result, hashes[0]) + overlays[outcome.name][OVERLAY]
    with whole_folder(request.folder, request.replace, SimulationManifest) as work:
        write_into(
            work,
            result,
            overlays,
            {one.name: one.scheme for one in reforms},
            run.inputs.practices,
            about,
            as_html(document(result)).encode(),
            hashes,
        )


def _attributes(run: Run, path: Path | None) -> tuple[Mapping[str, PracticeAttributes], list[Problem]]:
    if path is None:
        return {}, []
    return without_unknown(check_attributes(CsvRows(path)), frozenset(run.codes), path.name)


def _given(run: Run, path: Path | None, about: Mapping[str, PracticeAttributes]) -> Attributes:
    codes = [code for code in run.codes if run.inputs.practices[code].level == "practice"] or list(run.codes)
    none = PracticeAttributes()
    of = [about.get(code, none) for code in codes]
    fifths = any(one.fifth for one in of)
    return Attributes(
        path.name if path else "",
        len(codes),
        sum(one.fifth is None for one in of) if fifths else sum(one.deprivation is None for one in of),
        sum(not one.rurality for one in of),
        fifths,
    )


def _members(run: Run, about: Mapping[str, PracticeAttributes]) -> dict[Group, tuple[str, ...]]:
    names = {code: name for plan in run.plans.values() for code, name in plan.scheme.places.items()}
    return groups([run.inputs.practices[code] for code in run.codes], about, names)
