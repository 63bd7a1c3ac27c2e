"""Why one patient was counted, or not, under one indicator or register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from remit.application.definitions import dates_on, dates_without_day, definition_of
from remit.application.inputs import read_clusters, read_rules
from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.core.problems import Problem, refuse

if TYPE_CHECKING:
    from remit.evaluation.explain import Explanation
    from remit.evaluation.model import Dates
    from remit.records.model import Patient
    from remit.records.store import Store
    from remit.rules.definitions import Definitions
    from remit.terminology.clusters import ClusterSet
    from remit.worklist.dates import LastRecord


@dataclass(frozen=True)
class ExplainRequest:
    """Which patient of which store, under which indicator.

    Without `on` the achievement date is the last day of the records. `sensitive` asks for indicators about deaths,
    ReSPECT or a learning disability too.
    """

    indicator: str
    records: Path
    patient: str
    practice: str | None = None
    on: date | None = None
    clusters: str | None = None
    rules: tuple[Path, ...] = ()
    sensitive: bool = False


@dataclass(frozen=True)
class Explained:
    """The explanation, with what it was worked out from.

    `elsewhen` says of rules that they are of another year; `day_of_records` that nobody named the achievement date;
    `last` is the latest record that the rules look at.
    """

    explanation: Explanation
    dates: Dates
    clusters: ClusterSet
    known: Definitions
    practice: str
    elsewhen: str
    day_of_records: bool
    warnings: tuple[Problem, ...]
    last: LastRecord | None = None


def explain(request: ExplainRequest, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> Explained:
    """Run the rules for the patient and keep what each saw.

    Raises Refused for an unknown indicator or patient, for a sensitive one that was not asked for, and for records
    that were changed after their import.
    """
    from remit.evaluation.evaluator import meaning_of
    from remit.evaluation.explain import explain as explained
    from remit.evaluation.outside_clusters import outside_of
    from remit.evaluation.reference import PatientChart
    from remit.evaluation.workers import check_unchanged
    from remit.evaluation.years import check_given, of_another_year
    from remit.records.store import Store
    from remit.rules.sensitive import check_sensitive
    from remit.terminology.clusters import need
    from remit.worklist.dates import last_record

    report = reporting(on_progress, cancelled)
    known, store, clusters = read_rules(request.rules), Store(request.records), read_clusters(request.clusters)
    codes = [request.practice] if request.practice else store.codes
    for practice in codes:
        check_unchanged(store, practice)
    days = [day for practice in codes if (day := store.last_day(practice))]
    today = datetime.now(tz=UTC).date()
    dates = dates_on(request.on or max(days)) if request.on or days else dates_without_day(today)
    known = known.of(dates.year)
    definition = definition_of(known, request.indicator)
    check_sensitive(definition, known, request.sensitive)
    check_given(known, [definition.code])
    needed = known.needed_clusters([definition.code])
    need(needed, clusters)
    practice, patient = _patient(store, codes, request, report)
    chart = PatientChart(patient, meaning_of(clusters, needed, dates, known))
    explanation = explained(chart, definition)
    return Explained(
        explanation, dates, clusters, known, practice,
        of_another_year(definition, known, dates.year), request.on is None,
        tuple(outside_of(patient).warnings(clusters)), last_record(chart, definition) if explanation.outcome else None,
    )  # fmt: skip


def _patient(
    store: Store, codes: Sequence[str], request: ExplainRequest, on_progress: OnProgress
) -> tuple[str, Patient]:
    """The practice that has the patient's records, and the patient."""
    ids: dict[str, list[str]] = {}
    for n, code in enumerate(codes):
        on_progress(n, len(codes))
        ids[code] = store.table(code, "patients", ["patient_id"])["patient_id"].to_pylist()
    found = [code for code, own in ids.items() if request.patient in own]
    if not found:
        where = f"practice {request.practice}" if request.practice else "the store"
        shapes = sorted({_shape(one) for own in ids.values() for one in own})
        raise refuse(
            "evaluation.patient-unknown",
            f"there is no patient '{request.patient}' in {where}.",
            None,
            f"Ids here are {', or '.join(shapes)}." if 0 < len(shapes) < _MANY_SHAPES else "",
        )
    if len(found) > 1:
        raise refuse(
            "evaluation.patient-in-several-practices",
            f"patient {request.patient} has records in {', '.join(found)}.",
            None,
            "Name the practice.",
            practices=found,
        )
    return found[0], next(one for one in store.patients(found[0]) if one.id == request.patient)


_MANY_SHAPES = 4
"""Of so many kinds of ids it does not help to say how they look."""


def _shape(text: str) -> str:
    """How an id looks, without the id: `16 characters, each a digit or one of a to f`."""
    many = f"{len(text)} character{'' if len(text) == 1 else 's'}"
    if text.isascii() and text.isdigit():
        return f"{len(text)} digit{'' if len(text) == 1 else 's'}"
    if text and set(text) <= set("0123456789abcdef"):
        return f"{many}, each a digit or one of a to f"
    return f"{many}, with letters and digits" if text.isalnum() else f"{many}, not only letters and digits"
