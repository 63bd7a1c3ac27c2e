"""Policies for small numbers, as their files have them: those in `library/policies/`, or one of a user's own."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Literal

from pydantic import Field as Key

from remit.core.problems import Collector, did_you_mean, refuse
from remit.disclosure.suppression import Policy, Rule
from remit.scheme.faults import typed
from remit.scheme.kinds import Strict
from remit.scheme.source import read_source

EXACT = "exact"


class PolicyText(Strict):
    """A policy as a file has it; every key but the first four has the value of `Policy`."""

    name: str = Key(min_length=1)
    source: str = Key(min_length=1, description="Who says so")
    status: Literal["stated", "suggestion", "local"]
    words: str = Key(min_length=1, description="What is done, in the words that every output shows")
    rule: Rule = "counts"
    hide_up_to: int = Key(default=7, ge=0, le=1000)
    minimum_denominator: int = Key(default=0, ge=0, le=100_000)
    round_denominators_to: int = Key(default=1, ge=1, le=1000)
    complement: bool = True
    all_or_none: bool = True
    display: str = Key(default="*", pattern=r"^[^0-9\s]{1,10}$")


def _shipped() -> dict[str, Path]:
    folder = Path(str(resources.files("remit") / "library" / "policies"))
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def load_policy(reference: str) -> Policy:
    """A policy by its name or its file. Raises Refused with every error in it, each at its place."""
    shipped = _shipped()
    path = shipped.get(reference) or Path(reference)
    if reference not in shipped and path.suffix not in (".yaml", ".yml"):
        raise refuse(
            "disclosure.policy-unknown",
            f"there is no policy '{reference}'.",
            None,
            did_you_mean(reference, shipped) or "Name a YAML file.",
            name=reference,
        )
    source = read_source(path)
    text = typed(source, PolicyText)
    problems = Collector()
    counts = text.rule == "counts"
    if not counts and text.hide_up_to != PolicyText.model_fields["hide_up_to"].default:
        problems.add("disclosure.only-with-counts", "goes with 'rule: counts' alone.", source.place(("hide_up_to",)))
    if counts and path != shipped[EXACT] and text.hide_up_to == 0:
        hint = "Exact figures are for a practice itself."
        problems.add("disclosure.hides-nothing", "hide_up_to: 0 hides nothing.", source.place(("hide_up_to",)), hint)
    step = text.round_denominators_to
    if step > 1 and (not counts or not text.complement or step // 2 > text.hide_up_to):
        what = f"rounding to {step} could show fewer patients than were achieved."
        hint = f"It needs 'rule: counts', 'complement: true' and 'hide_up_to: {step // 2}' or more."
        problems.add("disclosure.rounding-too-wide", what, source.place(("round_denominators_to",)), hint, step=step)
    problems.refuse_if_any()
    return Policy(**text.model_dump())
