"""A scheme pack: a folder with all that goes with a scheme, which answers what commissioners are asked and what a
practice needs on day one.

The example in it is a run of a made-up practice. Same scheme, same clusters, same notice: the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from remit.application import template
from remit.application.definitions import definition_of
from remit.application.difference import between
from remit.application.inputs import read_clusters
from remit.application.pack_example import example_of
from remit.application.pack_manifest import PackManifest
from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.application.show import card_of
from remit.core.problems import Problem, warning
from remit.core.version import VERSION
from remit.documents import all_day
from remit.documents.pack import DueDay, Pack, Page, index, pages, together
from remit.documents.render.csv import rows_as_csv
from remit.documents.render.html import as_html
from remit.documents.render.pdf import characters_missing, page_as_pdf
from remit.documents.scheme_card import ITEM_COLUMNS, item_rows
from remit.evaluation.evaluator import needed_clusters
from remit.evaluation.plan import plan
from remit.evaluation.years import of_another_year
from remit.files.folders import check_free, whole_folder
from remit.files.hashes import sha256_file, sha256_text
from remit.files.manifest import write_manifest
from remit.pricing.full_achievement import full_achievement
from remit.rules.definitions import all_that_ship
from remit.runs.results import PracticeResult
from remit.runs.settings import supplied
from remit.scheme import Scheme, load_scheme, scheme_ids
from remit.scheme.advances import never_due
from remit.scheme.comparison import SchemeComparison
from remit.scheme.loader import frozen_text
from remit.scheme.resolve import resolve
from remit.scheme.supply import open_inputs

_LISTS = (3_000, 5_000, 8_000, 12_000, 20_000)


@dataclass(frozen=True)
class PackRequest:
    """Which scheme, by id or path, with which values supplied; the folder; the scheme to compare with, by id or path.

    Without `against` it is the year before of the same scheme, where that ships. `notice` is the sentence that goes
    with the release, `released` its day; without them one is written of what changed, and no day is named.
    """

    reference: str
    folder: Path
    against: str | None = None
    notice: str = ""
    released: date | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    clusters: str | None = None
    replace: bool = False


@dataclass(frozen=True)
class PackResult:
    """The scheme, the files of the folder, how many numbers are open, and what is to be said."""

    scheme: Scheme
    files: tuple[str, ...]
    open: int
    against: str
    warnings: tuple[Problem, ...]


def evaluate(request: PackRequest, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> PackResult:
    """Write the folder, whole or not at all. Raises Refused for a scheme with faults, and where a folder is taken."""
    check_free(request.folder, request.replace, PackManifest)
    report = reporting(on_progress, cancelled)
    pack, result = _pack(request)
    of = pages(pack)
    warnings: list[Problem] = []
    if pack.example.statement is None:
        what = f"the pack has no example of a statement: {pack.example.why_not}"
        warnings.append(warning("documents.pack-without-example", what))
    with whole_folder(request.folder, request.replace, PackManifest) as work:
        for n, (name, content) in enumerate(_files(pack, of, result, warnings), 1):
            (work / name).write_bytes(content)
            report(n, len(of) + 2)
        names = sorted(path.name for path in work.iterdir())
        (work / "index.html").write_text(as_html(index(pack, of, (*names, "SHA256SUMS.txt"))), encoding="utf-8")
        hashes = {path.name: sha256_file(path) for path in sorted(work.iterdir())}
        sums = "".join(f"{sha256}  {name}\n" for name, sha256 in hashes.items())
        (work / "SHA256SUMS.txt").write_text(sums, encoding="utf-8")
        hashes["SHA256SUMS.txt"] = sha256_file(work / "SHA256SUMS.txt")
        scheme = pack.card.scheme
        write_manifest(work, PackManifest.of(scheme.scheme, scheme.version, VERSION, hashes))
    against = pack.changes.before.scheme if pack.changes else ""
    return PackResult(pack.card.scheme, tuple(sorted(hashes)), len(pack.open), against, tuple(warnings))


def _pack(request: PackRequest) -> tuple[Pack, PracticeResult | None]:
    given = load_scheme(request.reference)
    scheme = supplied({given.scheme: given}, dict(request.settings))[given.scheme] if request.settings else given
    before = _before(scheme, request.against)
    known, clusters = all_that_ship().of(scheme.year), read_clusters(request.clusters)
    planned, needed = plan(scheme, known), template.needed((request.reference,))
    example, result = example_of(scheme, request.settings, needed.figures)
    changes = between(before, scheme) if before else None
    items = {code for item in scheme.items for code in (item.item, *item.indicators)}
    pack = Pack(
        card_of(scheme),
        known,
        {one.subject: definition_of(known, one.definition.code) for one in planned.counted if one.subject in items},
        {code: why for code, why in planned.supplied.items() if code in items},
        {one.code: of_another_year(one, known, scheme.year) for one in planned.definitions().values()},
        clusters,
        tuple(sorted(needed_clusters(planned, known))),
        needed.figures,
        needed.columns,
        needed.claims,
        tuple(one for one in open_inputs(scheme) if one.path[:2] not in never_due(scheme)),
        {size: full_achievement(scheme, size).pence for size in _LISTS},
        tuple(_days(scheme, request.settings, result)),
        example,
        changes,
        request.notice or _notice(scheme, changes),
        request.released,
        VERSION,
        sha256_text(frozen_text(scheme)),
    )
    return pack, result


def _notice(scheme: Scheme, changes: SchemeComparison | None) -> str:
    text = f"{scheme.title}, version {scheme.version}, of {scheme.commissioner}, for {scheme.year}."
    return f"{text} Against {changes.before.title}: {changes.summary()}." if changes else text


def _before(scheme: Scheme, against: str | None) -> Scheme | None:
    """The scheme to compare with: the one that is named, or what ships of the same scheme for the year before."""
    if against is not None:
        return load_scheme(against)
    year, last = str(scheme.year), str(scheme.year.before)
    name = scheme.scheme.removesuffix(year) + last
    return load_scheme(name) if scheme.scheme.endswith(year) and name in scheme_ids() else None


def _days(scheme: Scheme, settings: Mapping[str, str], result: PracticeResult | None) -> Iterator[DueDay]:
    """The days of the year: those of the payments as the example has them, and those that the terms name."""
    resolved = resolve(scheme, settings)
    period = scheme.period()
    if scheme.networks and scheme.networks.veto_by:
        yield DueDay(scheme.networks.veto_by, "The last day on which a practice may veto", "the practice")
    if period:
        yield DueDay(period[0], "The payment period begins", "")
    yield DueDay(scheme.achievement_date, "Achievement is measured", "the practice")
    for due in result.settlement.schedule if result else ():
        if due.kind == "instalment":
            yield DueDay(due.day, "An instalment is paid in advance", "the commissioner")
        elif due.kind == "activity":
            yield DueDay(due.day, "What was delivered is paid", "the commissioner")
    begins = (resolved.recovery_first, "What was paid too much begins to be paid back")
    notified = (resolved.recovery_notified, "What was paid too much is notified")
    for term, what in (
        (resolved.evidence_reviewed, "All evidence is reviewed"),
        (resolved.balance_due, "The balance is paid"),
        *([notified] if not scheme.terms.recovery.first or resolved.recovery_notified.value else []),
        *([begins] if scheme.terms.recovery.first else []),
    ):
        if term.name:
            yield DueDay(term.value, what if term.value else f"{what}: set {term.name}", "the commissioner")


def _files(
    pack: Pack, of: tuple[Page, ...], result: PracticeResult | None, warnings: list[Problem]
) -> Iterator[tuple[str, bytes]]:
    """Each file of the folder, but those that list the others."""
    scheme = pack.card.scheme
    for one in of:
        yield f"{one.name}.html", as_html(one.document).encode()
    lacking: set[str] = set()
    whole = together(pack, of)
    yield "pack.pdf", page_as_pdf(whole.title, whole.foot, whole.blocks, "the pack", False, lacking)
    if lacking:
        warnings.append(characters_missing(lacking))
    yield "scheme.yaml", frozen_text(scheme).encode()
    yield "items.csv", rows_as_csv(ITEM_COLUMNS, item_rows(scheme))
    for name, columns, rows in template.as_files(scheme):
        yield name, rows_as_csv(columns, rows)
    if pack.clusters:
        yield "clusters.csv", rows_as_csv(("cluster", "codes", "sha256"), _cluster_rows(pack))
    days = [one for one in pack.days if one.day]
    entries = [
        all_day.Entry(f"{scheme.scheme}-{one.day}-{n}", one.day, f"{one.what}: {scheme.title}", one.whose)
        for n, one in enumerate(days) if one.day
    ]  # fmt: skip
    yield "calendar.ics", all_day.as_icalendar("scheme pack", scheme.title, entries)


def _cluster_rows(pack: Pack) -> Iterator[list[str]]:
    for name in pack.clusters:
        cluster = pack.cluster_set.clusters.get(name)
        yield [name, str(cluster.count), cluster.sha256] if cluster else [name, "", ""]
