"""What waits of declarations: a practice declares again, others review the evidence, approve and check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.urls import reverse

from remit.contract.declaration import State, Step
from remit.core import say
from remit.core.words import agreed
from remit.service.declarations import reading
from remit.service.declarations.models import OPEN, Declaration, DeclarationStep
from remit.service.declarations.sentences import why_withdrawn
from remit.service.home.reading import Task
from remit.service.people.roles import Action
from remit.service.scope.scope import Scope

_ENDED = (State.WITHDRAWN.value, State.SENT_BACK.value)
_WAITS = {
    Step.REVIEW_EVIDENCE: "{n} {declarations} with evidence to review",
    Step.APPROVE: "{n} {declarations} to approve",
    Step.CHECK: "{n} {declarations} to check as tier 2",
    Step.APPROVE_AMOUNT: "{n} {declarations} whose amount finance approves",
}


def waiting(scope: Scope) -> Iterator[Task]:
    """What the person can do now, and each declaration that no longer stands and that they had a hand in."""
    for row in reading.every(newest=True).filter(state__in=_ENDED)[:100]:
        leads = scope.may(Action.DECLARE, row.practice_id) and row.practice_id in scope.own
        if leads or (row.state == State.WITHDRAWN.value and _took_a_step(scope, row.pk)):
            text = f"{row.practice.name}: declaration {row.number} of {say.day(row.day)} {_became(row)}"
            href = reverse("declaration", args=[row.practice.code, row.participation.scheme_id, row.number])
            again = leads and row.participation.into_id is None
            yield Task(f"{text}. Look at it{', and declare again' if again else ''}", href)
    if scope.person is None:
        return
    counted = Counter(
        step for line in reading.lines(reading.every().filter(state__in=OPEN)) for step in line.steps if step in _WAITS
    )
    for step, words in _WAITS.items():
        if n := counted[step]:
            declarations = agreed("declaration{|s}", n)
            yield Task(words.format(n=f"{n:,}", declarations=declarations), reverse("declarations"))


def _became(row: Declaration) -> str:
    if row.state == State.SENT_BACK.value:
        return "was sent back"
    undone = ", and the merger was undone" if row.merged_into_id and row.participation.into_id is None else ""
    return f"no longer stands: {why_withdrawn(row)}{undone}"


def _took_a_step(scope: Scope, declaration: int) -> bool:
    return DeclarationStep.objects.filter(declaration=declaration, person=scope.person).exists()
