"""Whether the books are as they were kept: what a check finds wrong, in sentences. The scope is the operator's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from remit.application.payment_file import check_file
from remit.contract.adjustment import State as Adjusted
from remit.contract.books import State as Books
from remit.contract.payment_run import State as Run
from remit.core import say
from remit.core.dates import add_months
from remit.core.problems import Refused
from remit.payment.book import ACCOUNTS, KINDS
from remit.service.audit.models import Entry
from remit.service.money.closing import balance_of
from remit.service.money.ledger import month_name
from remit.service.money.models import Adjustment, BookMonth, PaymentLine, PaymentRun, Transfer
from remit.service.money.run_file import hash_of
from remit.service.organisations.models import Organisation


@dataclass(frozen=True)
class BooksChecked:
    """What was looked at of all commissioners, and what is wrong."""

    transfers: int
    months: int
    runs: int
    faults: tuple[str, ...]


def checked() -> BooksChecked:
    """Look at all of the books."""
    faults: list[str] = []
    keepers = Transfer.objects.values("organisation").union(PaymentRun.objects.values("organisation"))
    for organisation in Organisation.objects.filter(pk__in=[row["organisation"] for row in keepers]).order_by("code"):
        found = [*_ledger(organisation), *_runs(organisation), *_adjustments(organisation)]
        faults += [f"{organisation.code}: {one}" for one in found]
    faults += _months()
    return BooksChecked(
        Transfer.objects.count(),
        BookMonth.objects.filter(state=Books.CLOSED.value).count(),
        PaymentRun.objects.filter(state=Run.RELEASED.value).count(),
        tuple(faults),
    )


def _ledger(organisation: Organisation) -> Iterator[str]:
    """Numbers without gaps, keys once, accounts that there are, and sums that come to zero."""
    rows = Transfer.objects.filter(organisation=organisation).order_by("number")
    expected, keys = 1, set[str]()
    sums = dict.fromkeys(ACCOUNTS, 0)
    columns = "number", "key", "debit", "credit", "pence", "kind"
    for number, key, debit, credit, pence, kind in rows.values_list(*columns).iterator(chunk_size=2000):
        if number != expected:
            yield f"transfer {expected} is missing, or transfer {number} is there twice."
        expected = number + 1
        if key in keys:
            yield f"transfer {number} has the key of another: {key}."
        keys.add(key)
        if debit not in sums or credit not in sums or debit == credit or pence <= 0 or kind not in KINDS:
            yield f"transfer {number} is none that the books have: {debit}, {credit}, {pence} pence, {kind}."
            continue
        sums[debit] += pence
        sums[credit] -= pence
    if sum(sums.values()):
        yield f"the accounts come to {say.money(sum(sums.values()))}, and not to zero."


def _runs(organisation: Organisation) -> Iterator[str]:
    """Of each released run: its file, the hash that its release recorded, and a transfer for each of its lines."""
    recorded: dict[str, list[str]] = defaultdict(list)
    for entry in Entry.objects.filter(event="run.released", organisation=organisation):
        recorded[entry.subject].append(str(entry.details.get("sha256", "")))
    entered = _entered(organisation)
    for run in PaymentRun.objects.filter(organisation=organisation, state=Run.RELEASED.value).order_by("number"):
        if hash_of(run.file) != run.sha256:
            yield f"the file of {run} is not the one whose SHA-256 was kept."
        if recorded[str(run)] != [run.sha256]:
            yield f"the SHA-256 of {run} is not the one that the audit log has of its release."
        try:
            total = check_file(run.file, f"the file of {run}").totals.pence
        except Refused as refused:
            yield from (f"the file of {run}: {one.message}" for one in refused.problems)
        else:
            if total != run.pence:
                yield f"the file of {run} pays {say.money(total)}; the run comes to {say.money(run.pence)}."
        lines = PaymentLine.objects.filter(run=run, held=False).values_list("pk", "key", "pence")
        for line, key, pence in lines:
            if entered.get(line) != {key: abs(pence or 0)}:
                yield f"{key} of {run} is not in the ledger once with its amount."


def _entered(organisation: Organisation) -> dict[int, dict[str, int]]:
    """The pence of the transfers of each line of a run of a commissioner, by key."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Transfer.objects.filter(line__run__organisation=organisation)
    for line, key, pence in rows.values_list("line_id", "key", "pence").iterator(chunk_size=2000):
        found[line][key] = found[line].get(key, 0) + pence
    return found


def _adjustments(organisation: Organisation) -> Iterator[str]:
    """Every approved adjustment is in the ledger once, and no other is."""
    entered: dict[int, list[int]] = defaultdict(list)
    rows = Transfer.objects.filter(organisation=organisation, adjustment__isnull=False, kind="adjustment")
    for pk, pence, debit in rows.values_list("adjustment_id", "pence", "debit"):
        entered[pk].append(pence if debit == "scheme cost" else -pence)
    for one in Adjustment.objects.filter(organisation=organisation).order_by("number"):
        right = [one.pence] if one.state == Adjusted.APPROVED.value else []
        if entered[one.pk] != right:
            yield f"adjustment {one.number} is {one.state}, and is in the ledger {len(entered[one.pk])} times."


def _months() -> Iterator[str]:
    """What each closed month stood at when it was closed, beside what it comes to now."""
    for one in BookMonth.objects.filter(state=Books.CLOSED.value).select_related("organisation").order_by("pk"):
        last = add_months(one.month, 1) - timedelta(days=1)
        of = one.balances.get("of", [one.organisation_id])
        now = balance_of(Transfer.objects.filter(organisation__in=of, day__lte=last))
        if (now.accounts, now.transfers) != (one.balances.get("accounts"), one.balances.get("transfers")):
            yield f"{one.organisation.code}: {month_name(one.month)} is not as it stood when it was closed."
