"""The one reader of evidence: patients of a practice, for whoever has the practice in their scope's `patients`, and for
nobody else. Row-level security does not protect files; this does.

Every look is an entry of the audit log, written before anything is handed on. Files are compared with the hashes that
the practice's own row has; the path to them is made of ids alone. Addresses name an item and the number of a row in
its list, never a patient, so that no log of addresses has one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.http import Http404

from remit.application.evidence import (
    EvidenceExplainRequest,
    EvidencePatientsRequest,
    PatientChoice,
    explanation_of,
    patients_of,
)
from remit.core import say
from remit.core.problems import Refused
from remit.documents.blocks import Document
from remit.documents.explanation import explanation
from remit.documents.patients import patients
from remit.service.audit.log import record
from remit.service.extracts import files
from remit.service.extracts.models import ACCEPTED, Extract, PracticeCopy
from remit.service.organisations.models import PRACTICE, Organisation
from remit.service.scope.scope import current
from remit.worklist.patients_by_rule import Patients


@dataclass(frozen=True)
class EvidenceOf:
    """A practice's evidence of an extract, which the person at work may see and which is as it was kept."""

    practice: Organisation
    extract: Extract
    folder: Path

    @property
    def subject(self) -> str:
        """What an entry of the audit log is about."""
        return f"{self.practice}, {self.extract} of {say.day(self.extract.day)}"


@dataclass(frozen=True)
class ItemCounts:
    """How many patients of an indicator are in each category."""

    indicator: str
    title: str
    achieved: int
    not_achieved: int
    pcas: int
    excluded: int


@dataclass(frozen=True)
class Row:
    """A patient in an item's list: the number of the row, the pseudonym, and what decided."""

    number: int
    patient: str
    category: str


def open_for(practice: str, commissioner: str, number: int) -> EvidenceOf:
    """The evidence of a practice in an extract, both by what an address says. Raises Http404 where there is none for
    the person at work, for whatever reason; Refused where the files are not what was kept."""
    scope = current()
    own = Organisation.objects.filter(code=practice, kind=PRACTICE, pk__in=scope.patients).first()
    if scope.person is None or own is None:
        raise Http404
    copy = (
        PracticeCopy.objects.filter(
            practice=own,
            figures__practice=own,
            figures__extract__organisation__code=commissioner,
            figures__extract__number=number,
            figures__extract__state=ACCEPTED,
        )
        .select_related("figures__extract__organisation")
        .first()
    )
    if copy is None or not copy.evidence:
        raise Http404
    extract = copy.figures.extract
    folder = files.evidence_folder(own.pk, extract.folder)
    files.check_evidence(folder, copy.evidence)
    return EvidenceOf(own, extract, folder)


def items(evidence: EvidenceOf, sensitive: bool = False) -> tuple[list[ItemCounts], dict[str, str]]:
    """How many patients each indicator counts and does not, and the sensitive indicators that were left out."""
    made = patients_of(EvidencePatientsRequest(evidence.folder, PatientChoice(sensitive=sensitive)))
    counted: dict[str, dict[str, int]] = {}
    titles: dict[str, str] = {}
    for one in made.decided:
        by = counted.setdefault(one.definition.code, {})
        titles[one.definition.code] = one.definition.title
        by[one.side.counts.category] = by.get(one.side.counts.category, 0) + len(one.rows)
    names = ("achieved", "not_achieved", "pca", "exclusion")
    rows = [ItemCounts(code, titles[code], *(by.get(name, 0) for name in names)) for code, by in counted.items()]
    with transaction.atomic():
        _record("patients.counted", evidence, items=len(rows))
    return rows, dict(made.left_out)


def listed(evidence: EvidenceOf, indicator: str, sensitive: bool = False) -> tuple[Document, list[Row]]:
    """Who is counted under an indicator and who is not. Raises Http404 for an indicator that it does not have."""
    made = _patients(evidence, indicator, sensitive)
    rows = [(row.patient, one.side.counts.category) for one in made.decided for row in one.rows]
    with transaction.atomic():
        _record("patients.looked-at", evidence, item=indicator)
    return patients(made), [Row(n, *row) for n, row in enumerate(rows, 1)]


def explained(evidence: EvidenceOf, indicator: str, number: int, sensitive: bool = False) -> Document:
    """Why the patient in a row of an indicator's list is counted or not. Raises Http404 for a row that is not there."""
    rows = [row.patient for one in _patients(evidence, indicator, sensitive).decided for row in one.rows]
    if not 1 <= number <= len(rows):
        raise Http404
    try:
        one = explanation_of(EvidenceExplainRequest(evidence.folder, indicator, rows[number - 1], sensitive=sensitive))
    except Refused as refused:
        raise _not_there(refused) from None
    with transaction.atomic():
        _record("patients.explained", evidence, item=indicator)
    return explanation(one.explanation, one.dates, one.clusters, one.practice, one.known, one.elsewhen)


def _patients(evidence: EvidenceOf, indicator: str, sensitive: bool) -> Patients:
    wanted = PatientChoice(indicators=(indicator,), sensitive=sensitive)
    try:
        return patients_of(EvidencePatientsRequest(evidence.folder, wanted))
    except Refused as refused:
        raise _not_there(refused) from None


def _not_there(refused: Refused) -> Exception:
    """What is asked for and is not there is not told apart from what may not be seen; damage is said."""
    damage = ("files.", "evaluation.evidence-of-other-rules", "evaluation.evidence-has-no-birth-date")
    return refused if any(one.code.startswith(damage) for one in refused.problems) else Http404()


def _record(event: str, evidence: EvidenceOf, **details: str | int) -> None:
    """An entry of a look. It is read above the practice too, so it has no number of patients."""
    said = {**details, "extract": evidence.extract.number}
    record(event, evidence.practice, evidence.subject, None, **said)
