"""What a payment rests on: its extract, scheme, clusters and engine; who declared, approved and released it.

Each row is asked for by itself, so that whoever may see a payment and not, say, its run, is shown it without that.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from django.urls import reverse

from remit.application.made_with import MadeWith, made_with_of
from remit.core import say
from remit.documents.blocks import Cell, Document, Fold, Table
from remit.documents.stored import from_json
from remit.service.declarations.models import Declaration, DeclarationFile
from remit.service.extracts.models import ACCEPTED, Extract, PracticeCopy, PracticeFigures
from remit.service.money.models import Adjustment, PaymentLine, PaymentRun, RecoveryPlan, Transfer
from remit.service.register import reading as register
from remit.service.register.checking import of_version
from remit.service.register.models import SchemeVersion
from remit.service.register.states import State
from remit.service.steps import TakenStep
from remit.service.year.payments import Payment, shown, transfers

STEPS = {
    "declare": "Declared by", "review evidence": "Evidence reviewed by", "approve": "Approved by",
    "carry over": "Carried over to newer figures by", "check": "Checked by", "approve amount": "Amount approved by",
    "send back": "Sent back by", "take back": "Taken back by", "withdraw": "Withdrawn by", "prepare": "Prepared by",
    "finish": "Prepared in full by", "fail": "Not finished by", "retry": "Prepared again by",
    "release": "Released by", "cancel": "Cancelled by", "propose": "Proposed by", "agree": "Agreed by",
    "refuse": "Refused by", "replace": "Replaced by", "end": "Ended by",
}  # fmt: skip
"""What was done with something, before the name of whoever did it."""


@dataclass(frozen=True)
class Done:
    """That somebody did something: what, who and when, and with what words."""

    what: str
    who: str
    at: Any
    words: str


@dataclass(frozen=True)
class ItemRested:
    """An item of the scheme: its indicators with their versions, the hash of the rules that counted it, what it came to
    for the practice as far as it may be shown, and where its rules are read."""

    item: str
    title: str
    indicators: str
    sha256: str
    pounds: str
    href: str


@dataclass(frozen=True)
class Stated:
    """What a line of a run states that it rests on; nothing, or 0, is not stated."""

    extract: int = 0
    extract_of: str = ""
    extract_sha256: str = ""
    scheme: str = ""
    scheme_version: int = 0
    scheme_sha256: str = ""
    engine: str = ""
    clusters: str = ""
    figures_sha256: str = ""


def stated_in(line: PaymentLine | None) -> Stated:
    """What a line states; whatever else is in it is left out."""
    names = {one.name for one in fields(Stated)}
    return Stated(**{name: value for name, value in (line.rests if line else {}).items() if name in names})


@dataclass(frozen=True)
class Rests:
    """All that a payment rests on; what is None is not there, or not for whoever asks."""

    payment: Payment
    transfer: Transfer
    line: PaymentLine | None
    stated: Stated
    run: PaymentRun | None
    run_steps: tuple[Done, ...]
    declaration: Declaration | None
    declared: tuple[Done, ...]
    files: tuple[DeclarationFile, ...]
    plan: RecoveryPlan | None
    planned: tuple[Done, ...]
    adjustment: Adjustment | None
    adjusted: tuple[Done, ...]
    extract: Extract | None
    made: MadeWith | None
    version: SchemeVersion | None
    working: str
    items: tuple[ItemRested, ...]
    corrects: Transfer | None


def rests_of(pk: int) -> Rests | None:
    """A payment with what it rests on; None where there is none that may be seen."""
    transfer = transfers().filter(pk=pk).first()
    if transfer is None:
        return None
    (payment,) = shown([transfer])
    line = PaymentLine.objects.filter(pk=transfer.line_id).first() if transfer.line_id else None
    run = PaymentRun.objects.filter(pk=line.run_id).first() if line else None
    declaration = _of(Declaration, transfer.declaration_id, line and line.declaration_id)
    plan = _of(RecoveryPlan, line and line.plan_id)
    adjustment = _of(Adjustment, transfer.adjustment_id, line and line.adjustment_id)
    if declaration is None and plan is not None:
        declaration = _of(Declaration, plan.declaration_id)
    stated = stated_in(line)
    extract = _extract(transfer, stated)
    version = _version(stated, extract)
    made = made_with_of(extract.made_with) if extract else None
    figures = _figures(line, declaration)
    return Rests(
        payment, transfer, line, stated, run, _done(run), declaration, _done(declaration),
        tuple(DeclarationFile.objects.filter(declaration=declaration).order_by("number")) if declaration else (),
        plan, _done(plan), adjustment, _done(adjustment), extract, made, version, _working(figures),
        tuple(_items(version, made, figures)), _of(Transfer, transfer.corrects_id),
    )  # fmt: skip


def _of(model: Any, *ids: int | None) -> Any:
    """The first of the rows that is named, where it may be seen."""
    wanted = next((pk for pk in ids if pk), None)
    return model.objects.filter(pk=wanted).first() if wanted else None


def _done(thing: Any) -> tuple[Done, ...]:
    """The steps that were taken on something, the first step first."""
    if thing is None:
        return ()
    steps: list[TakenStep] = list(thing.steps.select_related("person").order_by("pk"))
    return tuple(
        Done(_what(one), one.person.name if one.person else "Remit itself", one.at, one.words) for one in steps
    )


def _what(step: TakenStep) -> str:
    return STEPS.get(step.step, f"{say.capital(step.step)}:")


def _extract(transfer: Transfer, stated: Stated) -> Extract | None:
    """The extract that a line names by its number."""
    if not stated.extract:
        return None
    rows = Extract.objects.filter(organisation=transfer.organisation_id, number=stated.extract, state=ACCEPTED)
    return rows.defer("frame").first()


def _version(stated: Stated, extract: Extract | None) -> SchemeVersion | None:
    """The published version of the scheme that the extract was run by, or that the line names."""
    if extract is not None:
        return SchemeVersion.objects.filter(pk=extract.scheme_version_id).select_related("organisation").first()
    return register.one(stated.extract_of, stated.scheme, stated.scheme_version) if stated.scheme else None


def _figures(line: PaymentLine | None, declaration: Declaration | None) -> PracticeFigures | None:
    pk = line.figures_id if line and line.figures_id else declaration.figures_id if declaration else None
    return PracticeFigures.objects.filter(pk=pk).select_related("practice").defer("overview").first() if pk else None


def _working(figures: PracticeFigures | None) -> str:
    """How what is paid in the year comes about."""
    from remit.application.extract import payment_of

    return payment_of(figures.payment).advance_working if figures and figures.payment else ""


def _items(version: SchemeVersion | None, made: MadeWith | None, figures: PracticeFigures | None) -> list[ItemRested]:
    """The items of the scheme, with the rules that counted each."""
    scheme = of_version(version).scheme if version is not None and version.state == State.PUBLISHED.value else None
    if scheme is None or version is None:
        return []
    rules = made.counted.rules if made and made.counted else {}
    pounds = pounds_in(_statement(figures), figures.practice.code) if figures else {}
    found = []
    for item in scheme.items:
        rule = next((rules[code] for code in item.indicators if code in rules), None)
        versions = made.indicators if made else {}
        indicators = [f"{one}, version {versions[one]}" if one in versions else one for one in item.indicators]
        at = [version.organisation.code, version.scheme_id, version.version, item.item]
        found.append(ItemRested(
            item.item, item.title, "; ".join(indicators), rule.sha256 if rule else "", pounds.get(item.item, ""),
            reverse("year-rule", args=at),
        ))  # fmt: skip
    return found


def _statement(figures: PracticeFigures) -> Document:
    own = PracticeCopy.objects.filter(figures=figures).values_list("statement", flat=True).first()
    return from_json(own or figures.statement_for_commissioner)


def pounds_in(statement: Document, code: str) -> dict[str, str]:
    """What each item came to, in the words of a statement: what it hides stays hidden."""
    start, end = f"{code}/", "/pounds"
    return {
        cell.figure.removeprefix(start).removesuffix(end): cell.text
        for cell in _cells(statement.blocks)
        if cell.figure.startswith(start) and cell.figure.endswith(end)
    }


def _cells(blocks: Any) -> list[Cell]:
    found: list[Cell] = []
    for block in blocks:
        if isinstance(block, Fold):
            found += _cells(block.blocks)
        elif isinstance(block, Table):
            found += [cell for row in block.rows for cell in row.cells if isinstance(cell, Cell)]
    return found
