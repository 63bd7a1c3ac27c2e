"""Two versions of a scheme priced over the same figures, said practice by practice: what moved, in pounds by cause.

The runs are those of `remit run`, and what moved is what `remit compare` finds. It is kept in parts, one for each
practice, so that a page shows each person the practices whose figures are shared with that person, and their sums.

Others see no small number: of an item whose counts are small or sensitive, the words about counts are left out, as in
an extract. Where a version is not approved yet, its pounds are left out too: whoever writes a text could have it pay a
pound for each patient, and read the counts from the pounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import TypeAdapter

from remit.application.extract import small_items, without_words
from remit.application.overview import sensitive_items
from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.application.run import RunRequest, run
from remit.comparison.compare import compare
from remit.comparison.differences import setting_differences
from remit.comparison.movements import Comparison, PracticeMovement
from remit.disclosure.policies import load_policy
from remit.disclosure.suppression import Policy
from remit.documents.blocks import Document
from remit.documents.comparison import document
from remit.pricing.award import Award
from remit.runs import Run, open_run
from remit.runs.results import PracticeResult


@dataclass(frozen=True)
class Side:
    """One of the two versions: what it is called, its file or the id of one that ships, the values of its settings, and
    whether somebody else than its author has approved its terms."""

    name: str
    scheme: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    is_approved: bool = True


@dataclass(frozen=True)
class Request:
    """The two versions, the files of the figures, and a folder in which the two runs are written.

    `period` is a day within the year, where the counts are of one; `practices` narrows to some of them.
    """

    before: Side
    after: Side
    practices_file: Path
    counts: Path
    folder: Path
    national: Path | None = None
    period: str | None = None
    practices: tuple[str, ...] = ()
    policy: str = "default"


@dataclass(frozen=True)
class Part:
    """What moved of one practice; `text` is as `document_of` reads it. `left_out` are the items whose pounds are not in
    it."""

    code: str
    text: str
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """A part for each practice, what the whole document says of the two versions, the settings that differ (`name
    first → second`), and the words of the policy for small numbers."""

    parts: tuple[Part, ...]
    frame: str
    settings: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class _Frame:
    names: tuple[str, str]
    titles: dict[str, str]
    changes: tuple[tuple[str, str], ...]


_FRAMES, _PARTS = TypeAdapter(_Frame), TypeAdapter(PracticeMovement)


def evaluate(request: Request, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> Result:
    """Run both versions over the figures, and compare them. Raises Refused with what does not fit, and Stopped."""
    report = reporting(on_progress, cancelled)
    folders = request.folder / "before", request.folder / "after"
    for n, (side, folder) in enumerate(zip((request.before, request.after), folders, strict=True)):
        asked = RunRequest(
            (str(side.scheme),), request.practices_file, folder, request.counts, national=request.national,
            settings=side.settings, period=request.period, practices=request.practices, ignore_unknown=True,
        )  # fmt: skip
        run(asked, lambda done, of, n=n: report(n * of + done, 3 * of))  # type: ignore[misc]
    before, after = (open_run(folder) for folder in folders)
    found = compare(before, after, progress=lambda done, of: report(2 * of + done, 3 * of))
    policy, exact = load_policy(request.policy), request.before.is_approved and request.after.is_approved
    parts = tuple(_part((before, after), one, policy, exact) for one in found.practices)
    frame = _Frame((request.before.name, request.after.name), found.titles, found.changes)
    differ = setting_differences(before.inputs.settings, after.inputs.settings)
    return Result(parts, _FRAMES.dump_json(frame).decode(), tuple(text for _, text in differ), policy.words.strip())


def document_of(frame: str, parts: list[str]) -> Document:
    """What moved, of those practices whose parts are given: their sums, and each of them."""
    read = _FRAMES.validate_json(frame)
    practices = tuple(_PARTS.validate_json(part) for part in parts)
    return document(Comparison(practices, read.titles, read.changes, ()), read.names)


def _part(runs: tuple[Run, Run], moved: PracticeMovement, policy: Policy, exact: bool) -> Part:
    results = [each.practice(moved.code) for each in runs if moved.code in each.codes]
    small = {code for each in runs for code in sensitive_items(each)}
    small |= {code for result in results for code in small_items(result, policy)}
    if exact:
        return Part(moved.code, _text(without_words(moved, small)), ())
    small |= {code for result in results for code in _told_by_pounds(result, small, policy)}
    left_out = tuple(m.item for m in moved.movements if m.item in small and m.pence != (None, None))
    if not left_out:
        return Part(moved.code, _text(without_words(moved, small)), ())
    kept = tuple(m for m in moved.movements if m.item not in small)
    unknown = (None, None)  # a payment is of all items together
    shown = replace(moved, movements=kept, advance=unknown, balance=unknown, recovery=unknown, share=unknown)
    return Part(moved.code, _text(shown), left_out)


def _told_by_pounds(result: PracticeResult, small: set[str], policy: Policy) -> Iterator[str]:
    """The items whose pounds tell of small counts beside their own: by a weight, or by another item."""
    few = range(1, policy.hide_up_to + 1)
    for award in result.awards:
        if (
            any(factor.figures and factor.figures[0] in few for factor in award.factors)
            or award.calculation is not None
            or (small and _depends(award))
        ):
            yield award.item.item


def _depends(award: Award) -> bool:
    """Whether what an item pays rests on another item."""
    return award.gate is not None or bool(award.item.requires) or bool(award.within)


def _text(moved: PracticeMovement) -> str:
    return _PARTS.dump_json(moved).decode()
