"""An extract of figures, prepared: checked, run, and said practice by practice, so that a page has only to show it.

Each practice has its statement twice: its own copy, and one for others, without the counts that a policy for small
numbers hides and without those of sensitive items. The run is the one that `remit run` makes, the statements are those
of `remit statement`, and what moved since an extract before is what `remit compare` finds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from remit.application.made_with import MadeWith, made_with
from remit.application.overview import sensitive_items
from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.application.run import RunRequest
from remit.application.run import run as run_use_case
from remit.comparison.compare import compare
from remit.comparison.movements import Comparison, Movement, PracticeMovement
from remit.core.dates import Period
from remit.core.names import place_name
from remit.core.problems import Problem, Refused, did_you_mean, error
from remit.core.rounding import exact_text
from remit.disclosure.policies import load_policy
from remit.disclosure.suppression import Group, Policy, primary
from remit.documents.blocks import Block, Column, Document, Heading, Row, Table
from remit.documents.comparison import document as comparison_document
from remit.documents.statement.formats import document
from remit.documents.statement.making import statement
from remit.documents.statement.model import Statement
from remit.documents.stored import to_json
from remit.files.hashes import sha256_text
from remit.files.manifest import check_whole
from remit.files.tables import CsvRows, read_table
from remit.pricing.product import points_of
from remit.runs import Run, open_run
from remit.runs.manifest import run_manifest
from remit.runs.networks import NETWORK
from remit.runs.overview import Overview, OverviewFrame, OverviewPart, assembled, overview_frame, overview_part
from remit.runs.practice_payment import PracticePayment, payment_of_result
from remit.runs.results import MERGED, PracticeResult
from remit.scheme import load_scheme
from remit.scoring.achievement import Achievement

FEW = "small numbers"
"""Why counts are left out of a copy for others, beside what is sensitive."""
_COUNTS = ("practice_code", "indicator_code", "measure", "value", "period")


@dataclass(frozen=True)
class Request:
    """The files of an extract, the day that it is of, and the folder for its run, which is written anew.

    `members` are the practices and networks whose figures it may have, with their names. `names` are what the files are
    called where they came from. `before` is the folder of the run of the extract before this one; `evaluation` the
    manifest of the evaluation that made the practices and the counts, where one did. `practices` narrows what is run.
    `gone` are the practices that went to another commissioner in the year, with their last day here: the file may have
    those that left by then.
    """

    scheme: Path
    practices_file: Path
    counts: Path
    folder: Path
    day: date
    members: Mapping[str, str]
    national: Path | Literal["from-run"] | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[Path, str] = field(default_factory=dict)
    before: Path | None = None
    policy: str = "default"
    evaluation: Path | None = None
    practices: tuple[str, ...] = ()
    gone: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True)
class PreparedPractice:
    """All that there is to show of one practice or network. Pence, points and the list size are None where they are
    not known.

    `counts` are its rows of the file, `statement` its own copy, `others_statement` that of others, both as
    `documents.stored` has them; `overview` is its part of the overview, `moved` and `others_moved` what moved since the
    extract before, as `overview_of` and `moved_of` read them; `payment` what is paid when, as `payment_of` reads it.
    """

    code: str
    name: str
    is_network: bool
    status: str
    pence: int | None
    reason: str
    points: str | None
    counts: str
    sha256: str
    statement: str
    others_statement: str
    overview: str
    moved: str
    others_moved: str
    list_size: int | None
    payment: str


@dataclass(frozen=True)
class Result:
    """Every practice of an extract; `frame` is what the overview says of the scheme. `period` is what was run, None for
    the year's counts. `missing` are the practices that the files do not have. `words` state the policy, `made_with`
    what the run rests on."""

    practices: tuple[PreparedPractice, ...]
    frame: str
    period: str | None
    settings: Mapping[str, str]
    missing: tuple[str, ...]
    words: str
    warnings: tuple[Problem, ...]
    made_with: MadeWith


@dataclass(frozen=True)
class _Frame:
    overview: OverviewFrame
    sensitive: tuple[tuple[str, str], ...]


_FRAMES, _PARTS, _MOVED = TypeAdapter(_Frame), TypeAdapter(OverviewPart), TypeAdapter(PracticeMovement)
_PAYMENTS = TypeAdapter(PracticePayment)


def prepare(request: Request, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> Result:
    """Check the files, run them, and prepare what is shown. The same files give the same result.

    Raises Refused with every problem, each with the name that its file is known by, and Stopped where it was cancelled.
    """
    report = reporting(on_progress, cancelled)
    try:
        problems = list(_not_members(request))
        period = _period(request)
        ran = run_use_case(_run_request(request, period), lambda done, of: report(done, 3 * of))
    except Refused as refused:
        raise _as_known(request, [*problems, *refused.problems], refused.total + len(problems)) from None
    if problems:
        raise _as_known(request, problems, len(problems))
    run, policy = open_run(request.folder), load_policy(request.policy)
    manifest, counts = run_manifest(request.folder), _counts_by_practice(request.folder)
    prepared, moved = _Prepared(run, manifest.remit, policy, counts), _moved(request, run, policy, report)
    practices = []
    for n, code in enumerate(run.codes, 1):
        practices.append(prepared.practice(code, *moved.get(code, (None, set()))))
        report(2 * len(run.codes) + n, 3 * len(run.codes))
    missing = tuple(sorted(set(request.members) - set(run.inputs.practices)))
    frame = _FRAMES.dump_json(_Frame(overview_frame(run), tuple(prepared.sensitive.items()))).decode()
    return Result(
        tuple(practices), frame, period, dict(run.inputs.settings), missing, policy.words.strip(),
        _known_warnings(request, ran.warnings),
        made_with(manifest, request.scheme, _files(request), request.evaluation),
    )  # fmt: skip


def check_run(folder: Path) -> None:
    """Raises Refused where the run of an extract is gone, or is not what was written."""
    check_whole(folder, run_manifest(folder))


def overview_of(frame: str, parts: list[str]) -> tuple[Overview, dict[str, str]]:
    """The overview of those practices whose parts are given, and the items of which pounds alone are shown."""
    read = _FRAMES.validate_json(frame)
    return assembled(read.overview, [_PARTS.validate_json(part) for part in parts]), dict(read.sensitive)


def titles_of(frame: str) -> dict[str, str]:
    """The title of each item of the scheme, in its order, by its code."""
    return {line.item: line.title for line in _FRAMES.validate_json(frame).overview.items}


@dataclass(frozen=True)
class Whereabouts:
    """The place and the network of a practice, and whether its money goes through that network."""

    place: str
    network: str
    through: bool


def whereabouts_of(frame: str, parts: list[str]) -> list[Whereabouts]:
    """Where those practices are whose parts of an overview are given, with the names of places."""
    names = dict(_FRAMES.validate_json(frame).overview.places)
    found = [json.loads(part)["position"] for part in parts]
    return [
        Whereabouts(names.get(one["place"], place_name(one["place"])), one["network"], one["through"]) for one in found
    ]


def movement_of(text: str) -> PracticeMovement | None:
    """What moved of one practice since the extract before; None where there is none before."""
    return _MOVED.validate_json(text) if text else None


def payment_of(text: str) -> PracticePayment:
    """What one practice or network is paid, as it was prepared."""
    return _PAYMENTS.validate_json(text)


def moved_of(parts: list[str], names: tuple[str, str], frame: str) -> Document:
    """What moved of those practices whose parts are given; `names` are what the two extracts are called, and `frame`
    is the later one's."""
    practices = tuple(_MOVED.validate_json(part) for part in parts)
    known = titles_of(frame)
    titles = {movement.item: known.get(movement.item, "") for one in practices for movement in one.movements}
    made = comparison_document(Comparison(practices, titles, (), ()), names)
    return replace(made, blocks=(*made.blocks[:-1], *_without_pounds(practices, known), made.blocks[-1]))


def _without_pounds(practices: tuple[PracticeMovement, ...], titles: Mapping[str, str]) -> Iterator[Block]:
    """What moved in the counts and moved no pounds: the comparison of pounds has the rest."""
    rows = [
        Row((one.code, f"{movement.item} {titles.get(movement.item, '')}".strip(), movement.explanation))
        for one in practices
        for movement in one.movements
        if movement.compared is not None and movement.explanation and not movement.moved
    ]
    if rows:
        yield Heading(2, "Counts that moved no pounds")
        columns = (Column("Practice", 2), Column("Item", 4), Column("From what to what", 6))
        yield Table("Counts that moved no pounds", columns, tuple(rows), sortable=True)


def _run_request(request: Request, period: str | None) -> RunRequest:
    return RunRequest(
        (str(request.scheme),), request.practices_file, request.folder, request.counts, national=request.national,
        settings=request.settings, period=period, practices=request.practices, replace=True,
    )  # fmt: skip


def _files(request: Request) -> dict[str, Path]:
    national = {"national": request.national} if isinstance(request.national, Path) else {}
    return {"practices": request.practices_file, "counts": request.counts, **national}


def _period(request: Request) -> str | None:
    """The day within the year, where the counts say that they are of that day; else they are the year's."""
    if request.day == load_scheme(str(request.scheme)).achievement_date:
        return None
    try:
        rows = CsvRows(request.counts).select(("practice_code",), ("period",)).rows()
        return request.day.isoformat() if any(_day(text) == request.day for text in _periods(rows)) else None
    except Refused:
        return None  # the run says what is wrong with them


def _periods(rows: Iterator[tuple[int, list[str]]]) -> set[str]:
    return {period for _, (_, period) in rows}


def _day(text: str) -> date | None:
    try:
        return Period.parse(text).day if text else None
    except ValueError:
        return None


def _not_members(request: Request) -> Iterator[Problem]:
    """The practices of the file that are not the commissioner's."""
    try:
        table = CsvRows(request.practices_file).select(("practice_code",), ("practice_name", "left"))
        rows = [(number, code, left) for number, (code, _, left) in table.rows() if code]
    except Refused:
        return  # the run says what is wrong with them
    for number, code, left in rows:
        last, day = request.gone.get(code), _day(left)
        if code not in request.members and not (last and day and day <= last):
            what = f"practice '{code}' is not one of this commissioner's on {request.day}."
            hint = partial(did_you_mean, code, request.members)() or "Leave it out, or correct its membership."
            if last:
                hint = f"It was until {last}: say in the column 'left' when it left, or leave it out."
            yield error("runs.practice-of-another", what, table.place(number), hint, practice=code)


def _as_known(request: Request, problems: list[Problem], total: int) -> Refused:
    return Refused([_renamed(request, one) for one in problems], total)


def _known_warnings(request: Request, warnings: tuple[Problem, ...]) -> tuple[Problem, ...]:
    return tuple(_renamed(request, one) for one in warnings)


def _renamed(request: Request, one: Problem) -> Problem:
    """A problem with the name that its file is known by, and no folder of this machine."""

    def plain(text: str) -> str:
        for path, name in request.names.items():
            text = text.replace(str(path), name)
        return text.replace(f"{request.counts.parent}/", "").replace(f"{request.folder.parent}/", "")

    place = replace(one.place, file=plain(one.place.file)) if one.place else None
    return replace(one, message=plain(one.message), hint=plain(one.hint), place=place)


def _counts_by_practice(folder: Path) -> dict[str, str]:
    """The rows of counts of each practice, as the run kept them."""
    rows: dict[str, list[str]] = {}
    for _, row in read_table(folder / "inputs" / "counts.csv", _COUNTS).rows():
        rows.setdefault(row[0], []).append(",".join(row[1:]))
    return {code: "\n".join(those) for code, those in rows.items()}


class _Prepared:
    """What is prepared of a run's practices."""

    def __init__(self, run: Run, made_with: str, policy: Policy, counts: Mapping[str, str]) -> None:
        self.run, self.made_with, self.policy, self.counts = run, made_with, policy, counts
        self.sensitive = sensitive_items(run)

    def practice(self, code: str, moved: PracticeMovement | None, small_before: set[str]) -> PreparedPractice:
        """One practice or network."""
        result = self.run.practice(code)
        small = small_items(result, self.policy)
        own = statement(self.run, code, self.made_with)
        others = without_counts(statement(self.run, code, self.made_with, "commissioner"), small)
        part = overview_part(self.run, code)
        unseen = small | small_before | self.sensitive.keys()
        marks = tuple(replace(m, rate=None) if m.item in small else m for m in part.position.marks)
        part = replace(part, position=replace(part.position, marks=marks))
        known = any(a.item.kind.unit == "points" and a.earned is not None for a in result.awards)
        points = points_of(result.awards) if known else None
        counts = self.counts.get(code, "")
        return PreparedPractice(
            code, result.practice.name, result.practice.level == NETWORK, result.status,
            result.pence if result.status != MERGED else None, result.reason,
            None if points is None else exact_text(points), counts, sha256_text(counts),
            to_json(document(own)), to_json(document(others)), _PARTS.dump_json(part).decode(),
            _text(moved), _text(moved and without_words(moved, unseen)), result.practice.list_size,
            _PAYMENTS.dump_json(payment_of_result(result)).decode(),
        )  # fmt: skip


def _text(moved: PracticeMovement | None) -> str:
    return _MOVED.dump_json(moved).decode() if moved else ""


def small_items(result: PracticeResult, policy: Policy) -> set[str]:
    """The items of a practice whose counts a policy does not show to others."""
    small = {award.item.item for award in result.awards if _is_small(award.achievement, policy)}
    of = {code: award.item.item for award in result.awards for code in award.item.indicators}
    return small | {of.get(item, item) for item, _, done in result.definitions if _is_small(done, policy)}


def _is_small(done: Achievement, policy: Policy) -> bool:
    if done.numerator is not None and done.denominator is not None and done.register is None:
        group = Group(done.numerator, done.denominator - done.numerator, done.pcas or 0)
        return bool(primary(group, policy))
    if done.register is not None:
        return bool(primary(Group(done.register, 0, 0, frozenset({"denominator"})), policy))
    return any(0 < (one or 0) <= policy.hide_up_to for one in (done.numerator, done.denominator, done.pcas))


def without_counts(made: Statement, small: set[str]) -> Statement:
    """A copy for others, without the counts of some items."""
    sections = tuple(
        replace(
            section,
            items=tuple(
                replace(view, sensitive=FEW) if view.code in small and not view.sensitive else view
                for view in section.items
            ),
            register_worth=None,
        )
        for section in made.sections
    )
    return replace(made, sections=sections, members={})


def _moved(
    request: Request, run: Run, policy: Policy, report: OnProgress
) -> dict[str, tuple[PracticeMovement, set[str]]]:
    """What moved of each practice since the extract before, with the items whose counts were hidden in that one."""
    if request.before is None:
        return {}
    before, of = open_run(request.before), len(run.codes)
    found = compare(before, run, progress=lambda done, all_: report(of + done * of // max(all_, 1), 3 * of))
    known = set(before.codes)
    small = {code: small_items(before.practice(code), policy) for code in run.codes if code in known}
    return {one.code: (one, small.get(one.code, set())) for one in found.practices}


def without_words(moved: PracticeMovement, unseen: set[str]) -> PracticeMovement:
    """What moved, without the words about counts that are hidden now or were before: none follows from a difference."""
    return replace(moved, movements=tuple(_quiet(m) if m.item in unseen else m for m in moved.movements))


def _quiet(movement: Movement) -> Movement:
    return replace(movement, explanation="Its counts are for the practice only." if movement.explanation else "")
