"""What two versions come to over an extract, as the person at work may see it: of those that share their figures.

It is put together of the practices' parts each time, as the overview is: a consent that ends takes a practice out of
the next page.
"""

from __future__ import annotations

from dataclasses import dataclass

from remit.application.priced_versions import document_of
from remit.core.words import some_of
from remit.documents.render.html import Fragment, fragment
from remit.service.extracts import reading
from remit.service.extracts.models import Extract, PracticeFigures
from remit.service.register.models import PricedComparison, PricedPractice, SchemeVersion
from remit.service.register.pricing import marks_of


@dataclass(frozen=True)
class Over:
    """The document, None where nobody's figures are shared or nothing is priced yet; how many practices stand in it.

    `left_out` are the practices and items whose pounds are in no sum, in words; `changed` are the versions whose text
    or settings are others since; `replaced` says that another extract has taken the place of this one.
    """

    document: Fragment | None
    practices: int
    left_out: tuple[str, ...]
    changed: tuple[str, ...]
    replaced: bool


def latest(version: SchemeVersion) -> Extract | None:
    """The newest extract that stands of a version's scheme, with figures that are shared with the person at work."""
    shared = PracticeFigures.objects.values("extract")
    same = reading.standing().filter(
        organisation=version.organisation_id, scheme_version__scheme_id=version.scheme_id, pk__in=shared
    )
    return same.select_related("scheme_version").defer("frame", "scheme_version__content").first()


def changed_since(row: PricedComparison) -> tuple[str, ...]:
    """The versions whose text or settings are others than those that were priced."""
    if row.done_at is None or not row.marks:
        return ()
    sides = zip((row.before, row.version), row.marks, marks_of(row.version, row.before), strict=True)
    return tuple(str(one) for one, mark, now in sides if mark != now)


def shared_of(row: PricedComparison) -> Over:
    """A comparison over an extract, as the person at work sees it."""
    assert row.extract is not None
    parts = list(
        PricedPractice.objects.filter(comparison=row)
        .order_by("practice__code")
        .values_list("practice__code", "moved", "left_out")
    )
    document = fragment(document_of(row.frame, [moved for _, moved, _ in parts])) if parts else None
    left_out = tuple(f"{code}: {some_of(items, 40)}" for code, _, items in parts if items)
    replaced = not reading.standing().filter(pk=row.extract.pk).exists()
    return Over(document, len(parts), left_out, changed_since(row), replaced)
