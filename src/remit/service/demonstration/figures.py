"""The figures of the made-up area: people with ten years of records, counted by the rules, sent in as extracts.

What was counted stays in the demonstration's folder, so that `remit run` can be given the same files; rows of patients
do not, but for the evidence that each practice's extract has.
"""

from __future__ import annotations

import csv
import shutil
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from remit.application import made_up_figures
from remit.application.evaluate import EvaluationRequest, evaluate
from remit.application.run import RunRequest, run
from remit.application.synth import SynthRequest, make_people
from remit.core.problems import refuse
from remit.service.demonstration.area import COMMISSIONER, PRACTICES, SCHEMES, WITHDRAWN
from remit.service.demonstration.setting_up import first_version, organisation, working_as
from remit.service.extracts import files, services
from remit.service.extracts.checking import check
from remit.service.extracts.models import ACCEPTED, CANCELLED, REFUSED, Extract

DECEMBER, JANUARY = date(2024, 12, 31), date(2025, 1, 31)
QIF, QOF = SCHEMES
WANTED = ((QIF, DECEMBER), (QIF, JANUARY), (QOF, JANUARY))
"""The extracts: the scheme and the day of each."""
SEED = 1
_WAIT = 0.5


def make_records(folder: Path, patients: int) -> None:
    """People who never lived, with ten years of records up to the end of January; not where all came in already."""
    if not _records(folder).exists() and not all(_extract(*one) for one in WANTED):
        make_people(SynthRequest(_records(folder), patients, JANUARY, SEED, PRACTICES, workers=1))


def send(folder: Path, scheme_id: str, day: date, between: Callable[[], None] | None = None) -> None:
    """What the records come to on a day under a scheme, with its evidence: counted, sent in, checked and run. With
    something to do `between`, figures in which one practice's counts are too low come in before."""
    if (extract := _extract(scheme_id, day)) is None or not extract.has_evidence:
        counted = folder / f".counted-{scheme_id}-{day}"
        kept = folder / f"{scheme_id}-{day}"
        evaluate(EvaluationRequest(scheme_id, _records(folder), counted, day, workers=1, replace=True, evidence=True))
        incoming = _kept(scheme_id, day, counted, kept)
        if between is not None:
            extract = extract or _received(scheme_id, day, _too_low(incoming, kept.with_name(f"{kept.name}-first")))
            _wait(extract)
            between()
        reason = "" if extract is None else f"The counts of {WITHDRAWN} were not whole (made up)."
        extract = _received(scheme_id, day, incoming, counted, reason)
        shutil.rmtree(counted, ignore_errors=True)
    _wait(extract)


def _received(
    scheme_id: str, day: date, incoming: list[services.Incoming], evidence: Path | None = None, reason: str = ""
) -> Extract:
    with working_as("data_quality"):
        version = first_version(scheme_id)
        assert version is not None
        arrival = services.Arrival(version, day, incoming, evidence=evidence, reason=reason)
        return services.receive(organisation(COMMISSIONER), arrival)


def _too_low(incoming: list[services.Incoming], folder: Path) -> list[services.Incoming]:
    """The same files with a fifth of one practice's patients left out of what was achieved."""
    folder.mkdir(exist_ok=True)
    found = []
    for one in incoming:
        path = folder / one.path.name
        with one.path.open(newline="", encoding="utf-8") as source, path.open("w", newline="", encoding="utf-8") as to:
            rows = csv.DictReader(source)
            writer = csv.DictWriter(to, rows.fieldnames or (), lineterminator="\n")
            writer.writeheader()
            for row in rows:
                if row["practice_code"] == WITHDRAWN and row.get("measure") == "NUMERATOR":
                    row["value"] = str(int(row["value"]) * 4 // 5)
                writer.writerow(row)
        found.append(services.Incoming(one.kind, path, one.name))
    return found


def clear(folder: Path) -> None:
    """Remove the rows of patients that are not an extract's."""
    for path in folder.glob(".*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)


def _records(folder: Path) -> Path:
    return folder / ".records"


def _kept(scheme_id: str, day: date, counted: Path, kept: Path) -> list[services.Incoming]:
    """The files that are sent: practices, counts, and for QOF what no record can tell and the national figures."""
    kept.mkdir(exist_ok=True)
    practices, counts, national = (kept / f"{kind}.csv" for kind in files.KINDS)
    shutil.copyfile(counted / "practices.csv", practices)
    if scheme_id.startswith("qof"):
        made_up_figures.evaluate(made_up_figures.Request(scheme_id, counted, counts))
        result = kept.with_name(f".run-{kept.name}")
        run(RunRequest((scheme_id,), practices, result, counts, national="from-run", period=str(day), replace=True))
        shutil.copyfile(result / "inputs" / "national.csv", national)
    else:
        shutil.copyfile(counted / "counts.csv", counts)
    paths = zip(files.KINDS, (practices, counts, national), strict=True)
    return [services.Incoming(kind, path, path.name) for kind, path in paths if path.exists()]


def _extract(scheme_id: str, day: date) -> Extract | None:
    """The extract that came in for a day, if any: of several the last."""
    with working_as("data_quality"):
        same = Extract.objects.filter(
            organisation__code=COMMISSIONER, scheme_version__scheme_id=scheme_id, day=day
        ).exclude(state__in=(REFUSED, CANCELLED))
        return same.order_by("-number").first()


def _wait(extract: Extract) -> None:
    """Check it here and now, or wait for the worker that is at it. Raises Refused where it is not accepted."""
    while True:
        check.func(extract.organisation_id, extract.pk)
        with working_as("data_quality"):
            extract.refresh_from_db()
        if not extract.is_open:
            break
        time.sleep(_WAIT)
    if extract.state != ACCEPTED:
        why = "; ".join(str(one["message"]) for one in extract.problems) or extract.state
        raise refuse("service.extract-refused", f"{extract} was not accepted: {why}", None, "Report it.")
