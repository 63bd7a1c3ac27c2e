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
    "withdraw": "withdrew it: {because}.",
    "merger undone": "noted that the merger was undone: the practice can declare again.",
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
    because = why_withdrawn(row)
    for one in steps:
        who = one.person.name if one.person else "Remit itself"
        bulk = ", together with others" if row.in_bulk else ""
        done = _DONE[one.step].format(pence=say.money(one.pence), bulk=bulk, because=because)
        yield Sentence(one.at, f"{who} {done}", one.words)


def why_withdrawn(row: Declaration) -> str:
    """Why a declaration no longer stands, as half a sentence."""
    if row.merged_into_id is not None:
        is_undone = row.participation.into_id is None  # then the other practice is none of its business any more
        into = "another practice" if is_undone or row.merged_into is None else str(row.merged_into)
        return f"the practice merged into {into}"
    return "the scheme was corrected" if row.corrected_version_id is not None else "its figures have changed"


def standing_of(row: Declaration, waits_for: Iterable[Party]) -> str:
    """Where a declaration stands, in a sentence."""
    found = {
        State.APPROVED.value: "It is approved: what falls due on it can be paid.",
        State.SENT_BACK.value: "It was sent back. The practice puts the figures right and declares again.",
        State.TAKEN_BACK.value: "The practice took it back.",
        State.WITHDRAWN.value: f"It no longer stands: {why_withdrawn(row)} since it was declared.",
    }
    return found.get(row.state) or f"It waits for {say.listed(sorted(waits_for), 'or')}."
