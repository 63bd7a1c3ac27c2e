"""Each step of a declaration as a sentence, and its words for states and buttons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from remit.contract.declaration import State, Step
from remit.contract.machine import Party
from remit.core import say
from remit.service.declarations.models import Declaration, DeclarationStep

_DONE = {
    "declare": "declared {pence}.",
    "review evidence": "reviewed the evidence.",
    "approve": "approved it, as tier 1{bulk}.",
    "check": "checked the approval, as tier 2.",
    "approve amount": "approved the amount, for finance.",
    "send back": "sent it back.",
    "take back": "took it back.",
    "withdraw": "withdrew it: the figures have changed.",
    "carry over": "carried it over to newer figures.",
}
BUTTONS = {
    Step.REVIEW_EVIDENCE: "The evidence is reviewed",
    Step.APPROVE: "Approve",
    Step.CHECK: "Approve as tier 2",
    Step.APPROVE_AMOUNT: "Approve the amount",
    Step.SEND_BACK: "Send back",
    Step.TAKE_BACK: "Take it back",
}
SUCCESS = {
    Step.REVIEW_EVIDENCE: "The evidence is reviewed.",
    Step.APPROVE: "The declaration is approved by tier 1.",
    Step.CHECK: "The declaration is approved by tier 2.",
    Step.APPROVE_AMOUNT: "The amount is approved.",
    Step.SEND_BACK: "The declaration is sent back to the practice.",
    Step.TAKE_BACK: "The declaration is taken back.",
}
TONES = {
    "declared": "blue", "reviewed": "blue", "awaiting tier 2": "yellow", "awaiting finance": "yellow",
    "approved": "green", "sent back": "orange", "taken back": "grey", "withdrawn": "red",
}  # fmt: skip
RISKS = {"low": "green", "medium": "yellow", "high": "red"}


@dataclass(frozen=True)
class Sentence:
    """A step in a sentence, with when it was and what was said."""

    at: datetime
    text: str
    words: str


def history(row: Declaration, steps: Iterable[DeclarationStep]) -> Iterator[Sentence]:
    """What was done with a declaration, the first step first."""
    for one in steps:
        who = one.person.name if one.person else "Remit itself"
        bulk = ", together with others" if row.in_bulk else ""
        done = _DONE[one.step].format(pence=say.money(one.pence), bulk=bulk)
        yield Sentence(one.at, f"{who} {done}", one.words)


def standing_of(state: str, waits_for: Iterable[Party]) -> str:
    """Where a declaration stands, in a sentence."""
    found = {
        State.APPROVED.value: "It is approved: what falls due on it can be paid.",
        State.SENT_BACK.value: "It was sent back. The practice puts the figures right and declares again.",
        State.TAKEN_BACK.value: "The practice took it back.",
        State.WITHDRAWN.value: "It no longer stands: the figures have changed since it was declared.",
    }
    return found.get(state) or f"It waits for {say.listed(sorted(waits_for), 'or')}."
