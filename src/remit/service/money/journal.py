"""The journal: every transfer of a commissioner's books as two lines, a debit and a credit, for a finance system.

`docs/reference/journal.md` has the columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from remit.core.rounding import pence_text
from remit.service.money.closing import books_of, kept_by
from remit.service.money.models import Transfer
from remit.service.organisations.models import Organisation

COLUMNS = (
    "commissioner_code", "number", "line", "date", "account", "debit", "credit", "practice_code", "practice_name",
    "scheme", "kind", "memo", "transaction", "key", "corrects", "entered_at", "entered_by",
)  # fmt: skip


def transfers(organisation: Organisation, since: date, until: date) -> QuerySet[Transfer]:
    """The transfers of some days, in the order of the books. Whoever calls sees the books."""
    rows = books_of(kept_by(organisation)).filter(day__gte=since, day__lte=until)
    rows = rows.select_related("organisation", "practice", "scheme_year", "by", "corrects")
    return rows.order_by("organisation__code", "number")


def rows(those: QuerySet[Transfer]) -> Iterator[list[str]]:
    """Each transfer's two lines: the account that is debited, then the one that is credited."""
    for one in those.iterator(chunk_size=2000):
        pounds = pence_text(one.pence)
        before = [one.organisation.code, str(one.number)]
        after = [
            one.practice.code, one.practice.name, one.scheme_year.scheme_id, one.kind, one.memo, one.transaction,
            one.key, one.corrects.key if one.corrects else "",
            timezone.localtime(one.at).isoformat(timespec="seconds"), one.by.name if one.by else "",
        ]  # fmt: skip
        yield [*before, "1", one.day.isoformat(), one.debit, pounds, "", *after]
        yield [*before, "2", one.day.isoformat(), one.credit, "", pounds, *after]
