"""How the command line words a problem: where it is, what is wrong, what to do, and its code."""

from __future__ import annotations

import re
import string

from rich.text import Text

from remit.cli.wording import CLUSTERS, RUN, WAYS
from remit.core.problems import SUPPLIED_AS, Place, Problem

_FOLDERS = {
    "run": RUN,
    "evaluation": "Name a folder that 'remit evaluate --out' made.",
    "store of records": "Name the folder that 'remit records import' or 'remit synth' made.",
    "cluster set": CLUSTERS,
    "lock": "Write it with 'remit clusters lock'.",
}
"""Kind of folder -> how it comes about."""

_SET = "--set: {message}"
LEADS = {
    "cli.rule-unknown": "--ignore: {message}",
    "evaluation.day-outside-year": "--on {message}",
    "reconciliation.layout-unknown": "--layout: {message}",
    "reconciliation.quantity-unknown": "--tolerance: {message}",
    "scheme.not-open": _SET,
    "settings.choice-unknown": "--set {message}",
    "settings.date-unreadable": "--set {message}",
    "settings.items-not-retirable": "--set {message}",
    "settings.not-open": _SET,
    "settings.unknown": _SET,
    "terminology.no-such-system": "--system: {message}",
    "synthetic.day-out-of-range": "--on: {message}",
    "synthetic.patients-out-of-range": "--patients: {message}",
    "synthetic.practices-out-of-range": "--practices: {message}",
    "synthetic.seed-out-of-range": "--seed: {message}",
    "synthetic.workers-out-of-range": "--workers: {message}",
    "synthetic.years-out-of-range": "--years: {message}",
}
"""Code -> what is wrong, where it is what an option said: its name stands before it."""


class _Listed(string.Formatter):
    """As `str.format`, with a list written out."""

    def format_field(self, value: object, format_spec: str) -> str:
        return ", ".join(map(str, value)) if isinstance(value, tuple) else super().format_field(value, format_spec)


def way_out(problem: Problem) -> str:
    """What to do about a problem, in the words of the command line."""
    if problem.code not in WAYS:
        return problem.hint
    made_by = _FOLDERS.get(str(problem.data.get("kind", "")), problem.hint)
    return _Listed().format(WAYS[problem.code], **{**problem.data, "hint": problem.hint, "made_by": made_by}).strip()


def message_of(problem: Problem) -> str:
    """What is wrong, behind the option that said it where it was one."""
    return LEADS.get(problem.code, "{message}").replace("{message}", problem.message)


def _where(place: Place) -> str:
    """A place; of what was supplied, the option and the name."""
    name = str(place)
    return f"--set {name.removeprefix(SUPPLIED_AS)}" if name.startswith(SUPPLIED_AS) else name


def way_for(code: str) -> str:
    """What the command line says to do for a code, with names in capitals for what a problem's data say."""
    text = WAYS.get(code, "").replace("{hint}", "").replace("{made_by}", "").strip()
    return re.sub(r"\{([a-z_]+)[^}]*\}", lambda name: name[1].upper(), text)


def worded(problem: Problem, style: str = "", *, before: str = "", after: str = "", again: bool = False) -> Text:
    """A problem in a line: place, what is wrong, what to do, and its code, which `remit problems` explains.

    `before` and `after` stand around the place. `again` leaves out what to do.
    """
    parts = [f"{before}:" if before else "", f"{_where(problem.place)}:" if problem.place else ""]
    parts += [f"{after}:" if after else "", message_of(problem), "" if again else way_out(problem)]
    line = " ".join(part for part in parts if part)
    return Text.assemble((line, style), (f" [{problem.code}]", f"{style} dim".strip()))
