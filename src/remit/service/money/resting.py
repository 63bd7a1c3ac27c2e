"""What a line of a payment run rests on: the extract, the scheme's version, clusters, engine, and who decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from remit.application.made_with import NOT_STATED, made_with_of
from remit.contract.declaration import Step
from remit.service.declarations.models import DeclarationStep
from remit.service.extracts.models import Extract
from remit.service.money.known import Known

_APPROVALS = {
    Step.REVIEW_EVIDENCE.value: "reviewed the evidence", Step.APPROVE.value: "approved",
    Step.CHECK.value: "checked", Step.APPROVE_AMOUNT.value: "approved the amount",
}  # fmt: skip


class Resting:
    """What the lines of one run rest on; what many lines share is worked out once."""

    def __init__(self, every: Iterable[Known]) -> None:
        known = list(every)
        self._extracts = {one.extract.pk: _of_extract(one.extract) for one in known if one.extract is not None}
        self._declared_on = {
            one.declaration.figures_id: (one.declaration.figures.extract, one.declaration.figures.sha256)
            for one in known
            if one.declaration is not None
        }
        self._approvals = _approvals({one.declaration.pk for one in known if one.declaration is not None})

    def of(self, one: Known, by_declaration: bool) -> dict[str, Any]:
        """What a line rests on: the declared figures where a declaration released it, else the newest that stand."""
        rests: dict[str, Any] = {"list_size": one.list_size}
        if one.declaration is not None:
            rests["declaration"] = one.declaration.number
            rests["declaration_sha256"] = one.declaration.sha256
            rests["approved_by"] = self._approvals.get(one.declaration.pk, [])
        if by_declaration and one.declaration is not None:
            extract, sha256 = self._declared_on[one.declaration.figures_id]
            return {**rests, **_of_extract(extract), "figures_sha256": sha256}
        if one.extract is not None:
            rests |= {**self._extracts[one.extract.pk], "figures_sha256": one.figures_sha256}
        return rests


def _of_extract(extract: Extract) -> dict[str, Any]:
    version, made = extract.scheme_version, made_with_of(extract.made_with)
    counted = made.counted if made else None
    return {
        "extract": extract.number,
        "extract_of": extract.organisation.code,
        "day": extract.day.isoformat(),
        "extract_sha256": extract.sha256,
        "scheme": version.scheme_id,
        "scheme_version": version.version,
        "scheme_sha256": version.sha256,
        "engine": made.engine if made else NOT_STATED,
        "clusters": made.clusters if made else NOT_STATED,
        "clusters_sha256": counted.sha256 if counted else "",
        "counted_with": counted.engine if counted else "",
    }


def _approvals(declarations: set[int]) -> dict[int, list[str]]:
    """Who reviewed and approved each declaration, in the order of the steps."""
    rows = DeclarationStep.objects.filter(declaration__in=declarations, step__in=_APPROVALS)
    found: dict[int, list[str]] = defaultdict(list)
    for declaration, step, name in rows.order_by("pk").values_list("declaration_id", "step", "person__name"):
        found[declaration].append(f"{name or 'The service'} {_APPROVALS[step]}")
    return found
