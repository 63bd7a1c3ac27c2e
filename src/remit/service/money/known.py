"""What is known of each practice's year when a payment run is prepared, from a few questions of the database.

The newest figures that stand say the instalments; an approved declaration says activity, balance and recovery; agreed
plans say when is paid back; the ledger says what was paid. Whoever calls acts as the service for the commissioner:
a practice is paid whether or not it shares its counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from remit.application.extract import payment_of
from remit.contract.declaration import WAITING
from remit.contract.declaration import State as Declared
from remit.contract.participation import State as Part
from remit.contract.recovery_plan import State as Planned
from remit.core import say
from remit.payment import book
from remit.payment.book import ACTIVITY, BALANCE, RECOVERY, Paid, PracticeYear
from remit.payment.instalments import DuePayment
from remit.payment.year_to_pay import YearToPay
from remit.runs.practice_payment import PracticePayment
from remit.service.declarations.models import Declaration
from remit.service.extracts import reading
from remit.service.extracts.models import Extract, PracticeFigures
from remit.service.money import ledger
from remit.service.money.models import Adjustment, PaymentLine, RecoveryPlan
from remit.service.offers.models import Participation, SchemeYear
from remit.service.organisations.models import ListSize, Organisation

TOOK_PART = (Part.ACCEPTED.value, Part.LEFT.value, Part.CARRIED_ON.value)
_LARGE = (
    "statement_for_commissioner", "difference", "figures__statement_for_commissioner", "figures__overview",
    "figures__payment", "figures__moved", "figures__extract__frame", "figures__extract__scheme_version__content",
)  # fmt: skip
"""What is not read of a declaration with its figures and its extract."""
_RELEASED = (ACTIVITY, BALANCE, RECOVERY)
"""What an approved declaration alone releases."""
PAID: tuple[Literal["activity"], Literal["balance"]] = ("activity", "balance")
"""What of it is paid."""


@dataclass(frozen=True)
class Known:
    """What is known of a practice in a scheme year, and the rows that it is known from.

    `declaration` is the approved one; `other` is one that waits, or that changed figures withdrew with none approved
    since, and `other_why` says so.
    """

    year: SchemeYear
    practice: int
    code: str
    name: str
    to_pay: YearToPay
    payment: PracticePayment | None = None
    declared: PracticePayment | None = None
    figures: int | None = None
    figures_sha256: str = ""
    extract: Extract | None = None
    declaration: Declaration | None = None
    other: Declaration | None = None
    plan: RecoveryPlan | None = None
    adjustment: int | None = None
    list_size: int | None = None
    transfers: tuple[book.Transfer, ...] = ()


def years_of(commissioners: Iterable[int], until: date) -> list[SchemeYear]:
    """The scheme years of commissioners that have begun by a day and whose books are not closed for good."""
    rows = SchemeYear.objects.filter(organisation__in=set(commissioners), starts__lte=until, closed__isnull=True)
    return list(rows.select_related("organisation").order_by("organisation__code", "scheme_id"))


def known_of(years: list[SchemeYear], until: date) -> list[Known]:
    """Every practice and network that has figures, an offer or a transfer in one of these years."""
    around = _Around(years, until)
    return [
        around.known(year, practice)
        for year in years
        for practice in sorted(around.practices[year.pk], key=lambda pk: around.names[pk])
    ]


Key = tuple[int, int]
"""A scheme year and a practice, by their ids."""


class _Around:
    """The rows that the years rest on, each kind asked for once."""

    def __init__(self, years: list[SchemeYear], until: date) -> None:
        self.years, self.until = years, until
        self.extracts = _newest_extracts(years, until)
        self.figures = _figures(self.extracts)
        self.payments = {key: payment_of(one.payment) for key, one in self.figures.items() if one.payment}
        self.parts = _participations(years)
        self.declarations = _declarations(years)
        self.plans = _plans(years)
        self.adjustments = _adjustments(years)
        self.transfers = _transfers(years)
        self.list_before = _lists_paid_on(years)
        self.practices = self._practices()
        self.names = _names(pk for those in self.practices.values() for pk in those)
        self.list_sizes = _list_sizes(self.extracts.values(), self.names)

    def _practices(self) -> dict[int, set[int]]:
        found: dict[int, set[int]] = {year.pk: set() for year in self.years}
        for year, practice in (*self.figures, *self.parts, *self.declarations, *self.transfers):
            found[year].add(practice)
        return found

    def known(self, year: SchemeYear, practice: int) -> Known:
        """One practice's year."""
        key = (year.pk, practice)
        code, name = self.names[practice]
        figures, part, plan = self.figures.get(key), self.parts.get(key), self.plans.get(key)
        extract = self.extracts.get(year.pk)
        payment = self.payments.get(key)
        approved, others = self._declared(key)
        stands = any(one.state == Declared.WITHDRAWN.value and one.approved_at for one in others)
        declared = payment_of(approved.payment) if approved else None
        transfers = tuple(self.transfers.get(key, ()))
        whose = PracticeYear(code, year.scheme_id)
        paid = dict(book.paid_to_date(transfers).get(whose, {}))
        dues, reason = _dues(payment, part, year, extract, self.until)
        if dues and (why := self._unrecorded(year, code)):
            dues, reason = None, why
        released = _released(declared, paid, year, self.until) if stands else _as_approved(declared)
        size = self.list_sizes.get((practice, extract.day)) if extract else None
        to_pay = YearToPay(
            whose, year.starts, part.starts if part else None, _joined(payment, part),
            dues, reason, released, _schedule(plan, paid), paid, size, self.list_before.get(key),
            _successor(payment, part), stands,
        )  # fmt: skip
        return Known(
            year, practice, code, name, to_pay, payment, declared, figures.pk if figures else None,
            figures.sha256 if figures else "", extract if figures else None, approved,
            others[-1] if others else None, plan, self.adjustments.get(key), size, transfers,
        )  # fmt: skip

    def _unrecorded(self, year: SchemeYear, code: str) -> str:
        """Why a practice is not paid what its figures give it of others that merged into it; empty where it is."""
        for (of, practice), payment in self.payments.items():
            if of == year.pk and payment.merged_into == code:
                part = self.parts.get((of, practice))
                if part is None or _merger_differs(payment, part):
                    return _says_merged(self.names[practice][0], part is not None)
        return ""

    def _declared(self, key: Key) -> tuple[Declaration | None, list[Declaration]]:
        """The approved declaration that counts, and those after it that wait or were withdrawn."""
        rows = self.declarations.get(key, [])
        approved = next((one for one in reversed(rows) if one.state == Declared.APPROVED.value), None)
        counts = (*(one.value for one in WAITING), Declared.WITHDRAWN.value)
        after = [one for one in rows if approved is None or one.number > approved.number]
        return approved, [one for one in after if one.state in counts]


def _newest_extracts(years: list[SchemeYear], until: date) -> dict[int, Extract]:
    """Of each year the extract of the newest day that stands."""
    by = {(year.organisation_id, year.scheme_id): year.pk for year in years}
    rows = reading.standing().filter(
        organisation__in={one for one, _ in by}, scheme_version__scheme_id__in={one for _, one in by}, day__lte=until
    )
    newest: dict[int, Extract] = {}
    for one in rows.select_related("scheme_version", "organisation").defer(*reading.LARGE):
        year = by.get((one.organisation_id, one.scheme_version.scheme_id))
        if year is not None:
            newest.setdefault(year, one)
    return newest


def _figures(extracts: Mapping[int, Extract]) -> dict[Key, PracticeFigures]:
    years = {one.pk: year for year, one in extracts.items()}
    rows = PracticeFigures.objects.filter(extract__in=years)
    rows = rows.only("extract", "practice", "sha256", "payment", "pence")
    return {(years[one.extract_id], one.practice_id): one for one in rows}


def _participations(years: list[SchemeYear]) -> dict[Key, Participation]:
    """The part that each practice takes or took, of those that were accepted; a later answer before an earlier."""
    rows = Participation.objects.filter(scheme_year__in=years, state__in=TOOK_PART, answered_at__isnull=False)
    rows = rows.select_related("into").order_by("starts", "pk")
    return {(one.scheme_year_id, one.practice_id): one for one in rows}


def _declarations(years: list[SchemeYear]) -> dict[Key, list[Declaration]]:
    rows = Declaration.objects.filter(scheme_year__in=years)
    rows = rows.select_related("figures__extract__scheme_version", "figures__extract__organisation")
    rows = rows.defer(*_LARGE).order_by("number")
    found: dict[Key, list[Declaration]] = defaultdict(list)
    for one in rows:
        found[one.scheme_year_id, one.practice_id].append(one)
    return found


def _plans(years: list[SchemeYear]) -> dict[Key, RecoveryPlan]:
    """The plan that was agreed, or that ended when all of it was paid back."""
    kept = (Planned.AGREED.value, Planned.ENDED.value)
    rows = RecoveryPlan.objects.filter(scheme_year__in=years, state__in=kept).order_by("number")
    return {(one.scheme_year_id, one.practice_id): one for one in rows}


def _adjustments(years: list[SchemeYear]) -> dict[Key, int]:
    """The last approved adjustment."""
    rows = Adjustment.objects.filter(scheme_year__in=years, state="approved").order_by("number")
    return {(one.scheme_year_id, one.practice_id): one.pk for one in rows.only("scheme_year", "practice")}


def _transfers(years: list[SchemeYear]) -> dict[Key, list[book.Transfer]]:
    rows = ledger.transfers_of(years)
    codes = {one.practice for those in rows.values() for one in those}
    ids = dict(Organisation.objects.filter(code__in=codes).values_list("code", "pk"))
    found: dict[Key, list[book.Transfer]] = defaultdict(list)
    for year, those in rows.items():
        for one in those:
            found[year, ids[one.practice]].append(one)
    return found


def _lists_paid_on(years: list[SchemeYear]) -> dict[Key, int | None]:
    """The list size that each practice's last instalment was paid on."""
    rows = PaymentLine.objects.filter(scheme_year__in=years, run__state="released", held=False, kind=book.INSTALMENT)
    found = rows.order_by("run__released_at", "run").values_list("scheme_year_id", "practice_id", "rests")
    return {(year, practice): rests.get("list_size") for year, practice, rests in found}


def _names(practices: Iterable[int]) -> dict[int, tuple[str, str]]:
    rows = Organisation.objects.filter(pk__in=set(practices)).values_list("pk", "code", "name")
    return {pk: (code, name) for pk, code, name in rows}


def _list_sizes(extracts: Iterable[Extract], practices: Iterable[int]) -> dict[tuple[int, date], int]:
    days = {one.day for one in extracts}
    rows = ListSize.objects.filter(organisation__in=set(practices), day__in=days)
    return {(one.organisation_id, one.day): one.people for one in rows}


def _dues(
    payment: PracticePayment | None, part: Participation | None, year: SchemeYear, extract: Extract | None, until: date
) -> tuple[tuple[DuePayment, ...] | None, str]:
    """What falls due by the newest figures; None with the reason where they do not say it, or do not fit what was
    agreed. A merger or a leaving that is ahead of the day until which is paid need not be in them yet."""
    if extract is None:
        return None, "No figures of this scheme have come in and been accepted."
    if payment is None:
        return None, f"The practice is not in extract {extract.number}."
    if part is not None and (why := _part_differs(payment, part, year, until)):
        return None, why
    if payment.advance is None and not payment.dues and not payment.paid_through:
        return None, payment.advance_reason[:1].upper() + payment.advance_reason[1:]
    return payment.dues, ""


def _part_differs(payment: PracticePayment, part: Participation, year: SchemeYear, until: date) -> str:
    """How figures do not fit the part that a practice took, in sentences; empty where they do."""
    has_ended = part.ends < until
    if part.into is not None and has_ended and not payment.merged_into:
        return f"It merged into {part.into}, and the newest figures do not say so yet: send new ones."
    if payment.merged_into:
        return _MERGED_ELSEWHERE.format(payment.merged_into) if _merger_differs(payment, part) else ""
    left = part.state == Part.LEFT.value and part.ends < year.ends
    if left and payment.left != part.ends and (has_ended or payment.left):
        file = f"say that it left on {say.day(payment.left)}" if payment.left else "do not say so yet"
        return f"It left the scheme on {say.day(part.ends)}, and the newest figures {file}: send new ones."
    if payment.left and part.state == Part.ACCEPTED.value and payment.left < part.ends:
        return (
            f"The newest figures say that it left on {say.day(payment.left)}, and it takes part until "
            f"{say.day(part.ends)}: end its part, or send new figures."
        )
    return ""


_MERGED_ELSEWHERE = (
    "The newest figures say that it merged into {}, and the organisations do not say the same: record the merger, or "
    "send new figures."
)


def _merger_differs(payment: PracticePayment, part: Participation) -> bool:
    """Whether a merger that figures tell of is not the one that the organisations have, or of another day."""
    return part.into is None or (part.into.code, part.ends) != (payment.merged_into, payment.left)


def _says_merged(code: str, takes_part: bool) -> str:
    if not takes_part:
        return f"The newest figures say that {code} merged into it, and {code} takes no part: send new ones without it."
    return (
        f"The newest figures say that {code} merged into it, and the organisations do not say the same: record the "
        "merger, or send new figures."
    )


def _as_approved(declared: PracticePayment | None) -> tuple[DuePayment, ...]:
    """Activity, balance and recovery as approved."""
    return tuple(due for due in declared.dues if due.kind in _RELEASED) if declared is not None else ()


def _released(
    declared: PracticePayment | None, paid: Mapping[str, Paid], year: SchemeYear, until: date
) -> tuple[DuePayment, ...]:
    """The same where a later declaration, which was approved and may have been paid, is withdrawn: what was paid stands
    until figures are declared and approved again. Nothing more is paid on it, and nothing is taken back."""
    dues = _as_approved(declared)
    due = {kind: sum(one.pence for one in dues if one.kind == kind and one.day and one.day <= until) for kind in PAID}
    more = {kind: paid[kind].pence - due[kind] for kind in PAID if kind in paid}
    return (*dues, *(DuePayment(year.starts, kind, pence) for kind, pence in more.items() if pence > 0))


def _joined(payment: PracticePayment | None, part: Participation | None) -> date | None:
    """Its first day by the practices' file; where there is none, nothing speaks against what was agreed."""
    if payment is not None:
        return payment.joined
    return part.starts if part is not None else None


def _schedule(plan: RecoveryPlan | None, paid: Mapping[str, Paid]) -> tuple[DuePayment, ...] | None:
    """What a plan has due and when; of one that has ended no more than was paid back, so that it takes nothing anew."""
    if plan is None:
        return None
    if plan.state == Planned.ENDED.value:
        return (DuePayment(plan.notified, "recovery", paid.get(RECOVERY, Paid()).pence),)
    return tuple(DuePayment(date.fromisoformat(one["day"]), "recovery", one["pence"]) for one in plan.schedule)


def _successor(payment: PracticePayment | None, part: Participation | None) -> str:
    if payment is not None and payment.merged_into:
        return payment.merged_into
    return part.into.code if part is not None and part.into is not None else ""


def without_instalments(one: Known, reason: str) -> Known:
    """The same with its instalments held, for a reason."""
    return replace(one, to_pay=replace(one.to_pay, dues=None, reason=reason))
