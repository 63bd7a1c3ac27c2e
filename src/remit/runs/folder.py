"""A run's folder: result tables, the frozen inputs that they rest on, and a manifest of it all.

`inputs/` holds the schemes and the figures as read, in one order: with them a run can be opened, explained and
compared years later. No clock, path or host is written: the same inputs give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from remit.core.dates import Period
from remit.core.problems import Place, refuse
from remit.core.rounding import pence_text
from remit.core.sums import NOTHING, Sum
from remit.core.version import VERSION
from remit.files.folders import whole_folder
from remit.files.hashes import sha256_file
from remit.files.manifest import check_whole, write_manifest
from remit.files.tables import CsvRows, read_table, read_text, write_rows, write_table
from remit.organisation.practices import (
    CHANGE_COLUMNS,
    COLUMNS,
    MERGED_COLUMN,
    PROVIDER_COLUMNS,
    check_practices,
    further,
)
from remit.payment.terms import RecoveryPlan
from remit.pricing.weights import FROM_THE_RUN, GIVEN, National, national_rows
from remit.runs import tables
from remit.runs.amounts import on_activity, paid_in_instalments
from remit.runs.columns import Summed
from remit.runs.engine import Run
from remit.runs.inputs import Inputs, columns_named, contradictions_of, counts_of
from remit.runs.manifest import Only, RunManifest, RunScheme, RunsManifest, kept_warning, run_manifest, warned
from remit.runs.networks import NETWORK
from remit.runs.results import BLOCKED, MERGED, PROVISIONAL, PracticeResult, weighed
from remit.runs.standings import PROVISIONAL_COUNTS
from remit.scheme import frozen_text, thaw
from remit.scoring.figure_table import FigureTable
from remit.scoring.marks import MARKED, mark_of
from remit.scoring.subjects import WHOLE_PRACTICE, Subjects

_COUNTS = ("practice_code", "indicator_code", "measure", "value", "period")


@dataclass
class RunSummary:
    """What a run came to, for the terminal: amounts in pence over all practices, of which some may not be known."""

    practices: int = 0
    provisional: int = 0
    items: int = 0
    items_without_counts: int = 0
    items_without_pounds: int = 0
    awarded: Sum = NOTHING
    at_one: Sum | None = None
    advanced: Sum = NOTHING
    on_activity: Sum = NOTHING
    balance: Sum = NOTHING
    recovery: Sum = NOTHING
    reviews: int = 0
    networks: int = 0
    blocked: int = 0
    verdicts: dict[str, int] = field(default_factory=dict)
    missing: dict[str, list[str]] = field(default_factory=dict)
    waits: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    @property
    def sums(self) -> tuple[Sum, Sum | None]:
        """The award over all practices, and the same with every APDF at 1 where the scheme weighs by prevalence."""
        return self.awarded, self.at_one

    def add(self, result: PracticeResult) -> None:
        if result.practice.level == NETWORK:
            self.networks += 1
        else:
            self.practices += 1
        self.provisional += result.status == PROVISIONAL
        self.blocked += result.status == BLOCKED and result.practice.level == NETWORK
        if result.status == MERGED and not result.through_network:
            self.advanced += Sum.of([paid_in_instalments(result)])
            self.on_activity += Sum.of([on_activity(result)])
        if result.status == MERGED:
            return  # all else is its successor's
        if result.verdict is not None:
            self.verdicts[result.verdict.finding] = self.verdicts.get(result.verdict.finding, 0) + 1
        settled = {award.item.item for award in result.awards if award.pence is not None}
        for award in result.awards:
            if award.waits:
                self.waits.setdefault((award.item.item, award.waits), []).append(result.practice.code)
            if award.pence is None and award.within not in settled and award.reason:
                whose = self.missing.setdefault(award.reason, [])
                if result.practice.code not in whose[-1:]:
                    whose.append(result.practice.code)
        if result.through_network or result.shares_out:
            return  # its money is counted with its network, or with its members
        self.items += len(result.awards)
        self.items_without_counts += sum(a.earned is None and a.unpaid for a in result.awards)
        self.items_without_pounds += sum(a.earned is not None and a.unpaid for a in result.awards)
        self.reviews += sum(a.review == "review" for a in result.awards)
        self.awarded += result.awarded
        if weighed(result.scheme):
            self.at_one = (self.at_one or NOTHING) + Sum.of([result.pence_at_one])
        self.advanced += Sum.of([paid_in_instalments(result)])
        self.on_activity += Sum.of([on_activity(result)])
        self.balance += Sum.of([result.settlement.balance])
        self.recovery += Sum.of([result.settlement.recovery])

    def add_plain(self, those: Summed) -> None:
        """Practices whose every item is paid and of which nothing waits: what `add` would count of each of them."""
        many = those.practices
        self.practices += many
        self.items += those.items
        self.awarded += Sum(those.pence, many)
        if those.at_one is not None and many:
            self.at_one = (self.at_one or NOTHING) + Sum(those.at_one, many)
        self.advanced += Sum(those.advance, many)
        self.on_activity += Sum(0, many)
        self.balance += Sum(those.balance, many)
        self.recovery += Sum(0, many)


def write_run(
    run: Run, folder: Path, replace: bool = False, progress: Callable[[int, int], None] | None = None
) -> RunSummary:
    """Compute every practice and write the folder, whole or not at all. `progress(done, of)` is called as it goes."""
    with whole_folder(Path(folder), replace, RunManifest, RunsManifest) as work:
        return write_into(run, work, progress)


def write_into(run: Run, work: Path, progress: Callable[[int, int], None] | None = None) -> RunSummary:
    """As `write_run`, into a folder that is there and holds nothing, or what belongs to the run."""
    summary = RunSummary()
    with ExitStack() as stack:
        files = {}
        by_level = any(practice.level != "practice" for practice in run.inputs.practices.values())
        networks = any(plan.scheme.networks for plan in run.plans.values())
        monitored = any(plan.scheme.monitoring for plan in run.plans.values())
        judged = any(plan.scheme.monitoring and plan.scheme.monitoring.judges for plan in run.plans.values())
        by_item = any(plan.scheme.pays_both for plan in run.plans.values())
        for name, columns in tables.columns(by_level, networks, monitored, by_item, judged).items():
            files[name] = stack.enter_context((work / name).open("w", encoding="utf-8", newline=""))
            write_rows(files[name], [columns])
        _write_practices(run, files, summary, by_level, progress)
        if summary.practices > 1:
            pounds = ["" if one is None or one.value is None else pence_text(one.value) for one in summary.sums]
            open_ = summary.items_without_counts + summary.items_without_pounds
            total = ["*", *pounds, str(summary.items), str(open_)]
            write_rows(files["totals.csv"], [[""] * len(tables.UNIT) + total if by_level else total])
    _write_inputs(run.inputs, work / "inputs")
    write_manifest(work, _manifest(run, work))
    return summary


def _write_practices(
    run: Run,
    files: Mapping[str, TextIO],
    summary: RunSummary,
    by_level: bool,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Every practice's rows in the order of the run: of a large one, many practices at once where they are plain."""

    def one_by_one(code: str) -> None:
        result = run.practice(code)
        for name, rows in tables.rows_of(result, by_level).items():
            write_rows(files[name], rows)
        summary.add(result)

    if isinstance(run.inputs.counts.figures, FigureTable):
        from remit.runs.columns.plain import fits
        from remit.runs.columns.writing import write_practices

        if fits(run):
            write_practices(run, files, one_by_one, summary.add_plain, progress or (lambda done, of: None))
            return
    for n, code in enumerate(run.codes, 1):
        one_by_one(code)
        if progress:
            progress(n, len(run.codes))


def _write_inputs(inputs: Inputs, folder: Path) -> None:
    folder.mkdir()
    for name, scheme in inputs.schemes.items():
        (folder / f"scheme-{name}.yaml").write_text(frozen_text(scheme), encoding="utf-8")
    practices = list(inputs.practices.values())
    providers = any(any(p.provider_row) for p in practices)
    with_merged = any(p.counts_merged is not None for p in practices)
    others = further(columns_named(inputs.schemes))
    columns = (
        *COLUMNS, *CHANGE_COLUMNS, *([MERGED_COLUMN] if with_merged else []), *(PROVIDER_COLUMNS if providers else ()),
        *others,
    )  # fmt: skip
    rows = (
        [
            *p.row(), *(p.merged_row if with_merged else ()), *(p.provider_row if providers else ()),
            *(p.columns.get(column, "") for column in others),
        ] for p in practices
    )  # fmt: skip
    write_table(folder / "practices.csv", columns, rows)
    _write_counts(inputs, folder / "counts.csv")
    if len(inputs.schemes) > 1:
        write_table(folder / "assign.csv", ("practice_code", "scheme_id"), map(list, inputs.assigned.items()))
    if inputs.national:
        write_table(folder / "national.csv", ("group_code", "register", "list_size"), national_rows(inputs.national))
    if inputs.recoveries:
        plans = (
            [code, plan.notified.isoformat(), "" if plan.months is None else str(plan.months), plan.exception]
            for code, plan in sorted(inputs.recoveries.items())
        )
        write_table(folder / "recovery.csv", ("practice_code", "notified", "months", "reason"), plans)


def _write_counts(inputs: Inputs, path: Path) -> None:
    """The counts in one order, with a mark on each row of a practice whose counts are provisional."""
    orders = {name: Subjects(scheme).order for name, scheme in inputs.schemes.items()}
    counts, codes = inputs.counts, inputs.practices
    provisional = zip(codes, counts.of_each(WHOLE_PRACTICE, PROVISIONAL_COUNTS, codes), strict=True)
    marked = {code for code, value in provisional if value is not None}
    if isinstance(counts.figures, FigureTable) and not (marked or counts.previous or len(orders) > 1):
        from remit.runs.columns.counts_file import write_counts

        write_counts(path, _COUNTS, counts.figures, codes, next(iter(orders.values())))
        return
    figures = counts.rows(codes, lambda code: orders[inputs.assigned[code]])
    if marked:
        rows = ([*row, mark_of(row) if row[0] in marked else ""] for row in figures)
        write_table(path, (*_COUNTS, MARKED), rows)
    else:
        write_table(path, _COUNTS, figures)


def _manifest(run: Run, folder: Path) -> RunManifest:
    inputs = run.inputs
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    hashes = {name: sha256_file(path) for name, path in files.items()}
    return RunManifest(
        format=RunManifest.kind.format,
        remit=VERSION,
        schemes=tuple(
            RunScheme(scheme=name, version=s.version, year=str(s.year), sha256=hashes[f"inputs/scheme-{name}.yaml"])
            for name, s in inputs.schemes.items()
        ),
        indicators={name: {i.indicator: i.version for i in s.indicators} for name, s in inputs.schemes.items()},
        settings=inputs.settings,
        period=str(inputs.period) if inputs.period else None,
        national=tuple(sorted({n.origin.kind for n in inputs.national.values()})),
        only=Only(practices=run.codes if len(run.codes) < len(inputs.practices) else (), items=tuple(run.only_items)),
        warnings=tuple(kept_warning(one) for one in inputs.warnings),
        files=hashes,
    )


def open_run(folder: Path) -> Run:
    """A run from its folder, as it was: from the frozen inputs alone.

    Raises Refused for a folder that is no run, is of a newer format, or was changed since it was written.
    """
    folder = Path(folder)
    manifest = run_manifest(folder)
    check_whole(folder, manifest)
    inside = folder / "inputs"
    schemes = {}
    for entry in manifest.schemes:
        path = inside / f"scheme-{entry.scheme}.yaml"
        schemes[entry.scheme] = thaw(read_text(path), str(path))
    practices = check_practices(CsvRows(inside / "practices.csv"), named=columns_named(schemes))
    assigned = _assigned(inside / "assign.csv", practices, list(schemes))
    counts = counts_of(CsvRows(inside / "counts.csv"), {code: schemes[name] for code, name in assigned.items()})
    inputs = Inputs(
        schemes,
        assigned,
        practices,
        counts,
        _national(inside / "national.csv", manifest.national),
        manifest.settings,
        _plans(inside / "recovery.csv"),
        Period.parse(manifest.period, next(iter(schemes.values())).year) if manifest.period else None,
        tuple(map(warned, manifest.warnings)),
        contradictions_of(schemes, assigned, practices, counts, manifest.settings),
    )
    return Run(inputs, manifest.only.practices, manifest.only.items)


@contextmanager
def _as_kept(path: Path) -> Iterator[None]:
    """Refuse an input that no run can have kept: whoever made it made its hash anew."""
    try:
        yield
    except (KeyError, ValueError) as wrong:
        what = f"is not as a run keeps it: {wrong}."
        raise refuse("runs.input-not-as-kept", what, Place(str(path)), RunManifest.kind.again, reason=wrong) from None


def _assigned(path: Path, practices: Iterable[str], schemes: Sequence[str]) -> dict[str, str]:
    """The scheme of each practice."""
    if not path.exists():
        return dict.fromkeys(practices, schemes[0])
    table = read_table(path, ("practice_code", "scheme_id"))
    with _as_kept(path):
        rows = {code: schemes[schemes.index(scheme)] for _, (code, scheme) in table.rows()}
        return {code: rows[code] for code in practices}


def _national(path: Path, origins: Sequence[str]) -> dict[str, National]:
    from fractions import Fraction

    if not path.exists():
        return {}
    table = read_table(path, ("group_code", "register", "list_size"))
    summed = {"run", "the practices of this run"} & {*origins}  # the latter: as an earlier Remit said it
    origin = FROM_THE_RUN if summed else GIVEN
    with _as_kept(path):
        rows = table.rows()
        return {group: National(Fraction(register), Fraction(size), origin) for _, (group, register, size) in rows}


def _plans(path: Path) -> dict[str, RecoveryPlan]:
    from datetime import date

    if not path.exists():
        return {}
    table = read_table(path, ("practice_code", "notified", "months", "reason"))
    with _as_kept(path):
        return {
            code: RecoveryPlan(date.fromisoformat(notified), int(months) if months else None, reason)
            for _, (code, notified, months, reason) in table.rows()
        }
