"""Several schemes that pay the same practices in one run: a run for each, side by side in one folder, and the sums.

Each scheme has the practices that are in it and the counts of these, and a ledger of its own. `by_practice.csv` has
what each practice is paid by each of its schemes, and their sum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as with_other
from itertools import combinations
from pathlib import Path

from remit.core.problems import Collector, Place, refuse
from remit.core.rounding import pence_text
from remit.core.rows import RowSource, SelectedRows, short_name
from remit.core.version import VERSION
from remit.core.words import listed
from remit.files.folders import whole_folder
from remit.files.hashes import sha256_file
from remit.files.manifest import write_manifest
from remit.files.tables import write_table
from remit.organisation.practices import check_practices
from remit.runs.area import money_of
from remit.runs.engine import Run
from remit.runs.folder import RunSummary, write_into
from remit.runs.inputs import inputs_from
from remit.runs.manifest import RunManifest, RunsManifest
from remit.runs.networks import NETWORK
from remit.runs.results import PracticeResult
from remit.runs.with_accepted import WithAccepted
from remit.scheme import Scheme
from remit.scheme.asked import ACCEPTED, columns_named

BETWEEN = " + "
"""What stands between the schemes of a practice in an assignment."""
FILE = "by_practice.csv"
_COLUMNS = ("practice_code", "scheme_id", "status", "pounds", "paid", "balance", "recovery")

Schemes = Mapping[str, tuple[str, ...]]
"""The schemes of each practice, by their ids."""


@dataclass(frozen=True)
class SideBySide:
    """The files of such a run and what is supplied with it, as `inputs_from` has them."""

    practices: RowSource
    counts: RowSource
    national: RowSource | None = None
    from_run: bool = False
    recovery: RowSource | None = None
    settings: Mapping[str, str] | None = None
    period: str | None = None
    ignore_unknown: bool = False
    errors: int = 20
    only_practices: Sequence[str] = ()
    only_items: Sequence[str] = ()


def names_several(assign: RowSource) -> bool:
    """Whether an assignment puts a practice into several schemes: `qof-england-2025-26 + a-local-scheme`."""
    table = assign.select(("practice_code", "scheme_id"))
    return any(BETWEEN in scheme for _, (_, scheme) in table.rows(Collector()))


def assigned_to(assign: RowSource, limit: int = 20) -> Schemes:
    """The schemes of each practice that an assignment names. Raises Refused with every row that does not fit."""
    table, problems = assign.select(("practice_code", "scheme_id")), Collector(limit)
    found: dict[str, tuple[str, ...]] = {}
    for number, (practice, text) in table.rows(problems):
        names = [name.strip() for name in text.split(BETWEEN)]
        place = table.place(number)
        if practice in found:
            problems.add("runs.assigned-twice", f"practice {practice} is assigned again.", place, practice=practice)
        elif len(set(names)) < len(names) or not all(names):
            what = f"'{text}' does not name each scheme of {practice} once."
            problems.add("runs.assigned-unreadable", what, place, "Write first-scheme + second-scheme.", found=text)
        found.setdefault(practice, tuple(names))
    problems.refuse_if_any()
    return found


def run_side_by_side(schemes: Sequence[Scheme], given: SideBySide, assigned: Schemes | None) -> dict[str, Run]:
    """A run of each scheme over the practices that are in it; with no assignment all are in all of them.

    Raises Refused for practices without a scheme, and where one count would be of two schemes' unlike items.
    """
    by_name = {scheme.scheme: scheme for scheme in schemes}
    if len(by_name) < len(schemes):
        raise refuse("runs.scheme-twice", "a scheme is named twice.", None, "Name each scheme once.")
    rows = check_practices(given.practices, (), given.errors)
    providers = [code for code, one in rows.items() if one.level != NETWORK]
    of = dict.fromkeys(providers, tuple(by_name)) if assigned is None else dict(assigned)
    _check_assigned(of, providers, by_name, short_name(given.practices))
    _check_counts_apart(of, by_name)
    years = {str(scheme.year) for scheme in schemes}
    if len(years) > 1:
        found = " and ".join(f"{scheme.scheme} is of {scheme.year}" for scheme in schemes)
        raise refuse("runs.years-differ", f"{found}: the schemes of one run are of one year.", None, "Run them apart.")
    runs = {}
    for name, scheme in by_name.items():
        own = {code for code, names in of.items() if name in names}
        own |= {one.network for code, one in rows.items() if code in own and scheme.networks} - {""}
        only = [code for code in given.only_practices if code in own]
        if own and (only or not given.only_practices):
            here = given
            if ACCEPTED in columns_named(scheme):
                here = with_other(given, practices=WithAccepted(given.practices, of))
            runs[name] = _run(scheme, [other for other in schemes if other is not scheme], here, own, set(rows), only)
    return runs


def _run(
    scheme: Scheme, beside: Sequence[Scheme], given: SideBySide, own: set[str], known: set[str], only: Sequence[str]
) -> Run:
    def kept(rows: RowSource) -> RowSource:
        return _RowsOf(rows, lambda code: code in own or code not in known)

    weighed = bool(scheme.weights.prevalence or scheme.weights.target_population)
    inputs = inputs_from(
        [scheme],
        kept(given.practices),
        kept(given.counts),
        national="from-run" if given.from_run and weighed else given.national if weighed else None,
        recovery=kept(given.recovery) if given.recovery else None,
        settings=given.settings,
        period=given.period,
        ignore_unknown=given.ignore_unknown,
        errors=given.errors,
        beside=beside,
    )
    return Run(inputs, only, given.only_items)


def _check_assigned(of: Schemes, providers: Sequence[str], schemes: Mapping[str, Scheme], name: str) -> None:
    without = [code for code in providers if code not in of]
    if without:
        shown = ", ".join(without[:5]) + (" and others" if len(without) > 5 else "")
        why = f"{name}: it is not known which of {listed(list(schemes))} these practices are in: {shown}."
        places = [place for scheme in schemes.values() for place in scheme.places]
        way = "Assign them a scheme, or several."
        raise refuse(
            "runs.scheme-not-known-of", why, None, way, practices=without, schemes=list(schemes), places=places
        )
    missing = [code for code in of if code not in providers]
    if missing:
        why = f"{name}: practice '{missing[0]}' is not among the practices."
        raise refuse("runs.assigned-unknown", why, None, practice=missing[0])


def _check_counts_apart(of: Schemes, schemes: Mapping[str, Scheme]) -> None:
    """Refuse two schemes of one practice whose items share a code and are of unlike indicators: one row of counts would
    be of both."""
    for one, other in combinations(schemes, 2):
        if not any({one, other} <= set(names) for names in of.values()):
            continue
        theirs = {item.item: item.indicators for item in schemes[other].items}
        alike = [
            item.item
            for item in schemes[one].items
            if item.item in theirs and (item.indicators != theirs[item.item] or not item.indicators)
        ]
        if alike:
            why = f"{one} and {other} both have an item {alike[0]}, which is not the same: a row of counts is of both."
            hint = "Give one of them another code, or run the schemes apart."
            raise refuse("runs.items-alike", why, None, hint, schemes=[one, other], items=alike)


@dataclass(frozen=True)
class _RowsOf:
    """The rows of a source that are of some practices."""

    source: RowSource
    keep: Callable[[str], bool]

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def head(self) -> Place:
        return self.source.head

    def select(self, required: Sequence[str], optional: Sequence[str] = ()) -> SelectedRows:
        return _Kept(self.source.select(required, optional), self.keep)


@dataclass(frozen=True)
class _Kept:
    selected: SelectedRows
    keep: Callable[[str], bool]

    @property
    def columns(self) -> tuple[str, ...]:
        return self.selected.columns

    def rows(self, problems: Collector | None = None) -> Iterator[tuple[int, Sequence[str]]]:
        at = self.columns.index("practice_code")
        return (row for row in self.selected.rows(problems) if self.keep(row[1][at]))

    def place(self, row: int) -> Place:
        return self.selected.place(row)


def write_side_by_side(
    runs: Mapping[str, Run], folder: Path, replace: bool = False, progress: Callable[[int, int], None] | None = None
) -> dict[str, RunSummary]:
    """Write the runs, whole or not at all: each into a folder of its scheme's id, and the sums of practices beside."""
    with whole_folder(Path(folder), replace, RunManifest, RunsManifest) as work:
        summaries = {}
        for name, run in runs.items():
            (work / name).mkdir()
            summaries[name] = write_into(run, work / name, progress)
        write_table(work / FILE, _COLUMNS, sums(runs))
        files = {FILE: sha256_file(work / FILE)}
        write_manifest(
            work, RunsManifest(format=RunsManifest.kind.format, remit=VERSION, runs=tuple(runs), files=files)
        )
    return summaries


def sums(runs: Mapping[str, Run]) -> Iterator[list[str]]:
    """What each practice or network is paid by each of its schemes, then the sum of them; empty where one is not known.

    The sum stands under the scheme `*`, also of a practice with one scheme.
    """
    results: dict[str, list[PracticeResult]] = {}
    for run in runs.values():
        for result in run.results():
            results.setdefault(result.practice.code, []).append(result)
    for code in sorted(results):
        amounts = []
        for result in results[code]:
            money = money_of(result)
            amounts.append((result.pence, money.paid, money.balance, money.recovery))
            yield [code, result.scheme.scheme, result.status, *map(_text, amounts[-1])]
        together = [
            None if None in column else sum(one or 0 for one in column) for column in zip(*amounts, strict=True)
        ]
        status = " + ".join(dict.fromkeys(result.status for result in results[code]))
        yield [code, "*", status, *map(_text, together)]


def _text(pence: int | None) -> str:
    return "" if pence is None else pence_text(pence)
