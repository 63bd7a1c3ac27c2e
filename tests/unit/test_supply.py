"""What a scheme leaves open, by name, and the scheme with it supplied."""

from __future__ import annotations

import pytest
from tests.spec.run import local

from remit.core.problems import Refused
from remit.scheme import frozen_text, thaw
from remit.scheme.supply import open_inputs, supply

SCHEME = local(
    """
    items:
      - {item: A, title: A, pays: {activity: {tariff: required, most_per_year: required}}}
      - {item: B, title: B, pays: {fixed: {pays: required, for: it, milestones: {m: {share: required, words: m}}}}}
      - {item: C, title: C, pays: {pooled: {streams: {QOF: it}, year: required}}}
      - {item: D, title: D, pays: {blend: {parts: {B: {2024-25: required}, C: {2024-25: 50%}}}}}
    """,
    "monitoring: {indicators: required, count: 2}",
    terms="""
terms:
  paid_on_activity: {days: required}
  balance: {due: required}
  recovery: {months: required, notified: required}
  changes: {joiner: required, leaver: days, merger: required}
""",
)
VALUES = {
    "A.tariff": "£45.00", "A.most_per_year": "300", "B.pays": "£1,000", "B.milestones.m.share": "100%",
    "C.year": "2022-23", "D.parts.B.2024-25": "50%", "monitoring.indicators": "CHD005, CHD007",
    "terms.paid_on_activity.days": "30", "terms.balance.due": "2025-07-31", "terms.recovery.months": "6",
    "terms.recovery.notified": "2025-05-31", "terms.changes.joiner": "days", "terms.changes.merger": "successor",
}  # fmt: skip


def test_everything_that_is_open_has_a_name_and_can_be_supplied() -> None:
    assert {one.name for one in open_inputs(SCHEME)} == set(VALUES)
    found = supply(SCHEME, VALUES)
    assert open_inputs(found) == []
    assert found.item("A").kind.words().startswith("£45.00 for each activity; at most 300")
    assert found.monitoring is not None
    assert found.monitoring.indicators == ("CHD005", "CHD007")
    assert thaw(frozen_text(found), "frozen.yaml") == found


@pytest.mark.parametrize("name", list(VALUES))
def test_one_at_a_time_leaves_the_others_open(name: str) -> None:
    left = {one.name for one in open_inputs(supply(SCHEME, {name: VALUES[name]}))}
    assert left == set(VALUES) - {name}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("A.tariff", "45"), ("A.tariff", "45p!"), ("A.most_per_year", "-1"), ("B.milestones.m.share", "101%"),
        ("B.milestones.m.share", "50%"), ("C.year", "then"), ("D.parts.B.2024-25", "60%"),
        ("terms.balance.due", "soon"), ("terms.recovery.months", "0"),
        ("terms.changes.joiner", "some"), ("terms.changes.merger", "days"),
        ("monitoring.indicators", "CHD005"), ("monitoring.indicators", "CHD005,,CHD007"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(Refused) as caught:
        supply(SCHEME, {name: value})
    assert f"--set {name}" in str(caught.value) or name.split(".")[-1] in str(caught.value)
