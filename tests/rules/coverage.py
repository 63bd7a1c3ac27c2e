"""Which rules the cases reach, and on which branches: all of every definition that is marked complete.

`python -m tests.rules.coverage` prints every branch that no case reaches; a test run prints it in short.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from tests.rules.harness import case_files, known_of, load_groups, outcome, runs

from remit.evaluation.reference import Step
from remit.rules import model as r
from remit.rules.definitions import shipped

Branch = tuple[str, int, bool]
"""The code of a definition, a rule's number, and whether its condition was true."""


@cache
def reached() -> set[Branch]:
    """The branches that the cases reach, each case in the definitions that it expects something of."""
    found: set[Branch] = set()
    for path in case_files():
        for group in load_groups(path):
            for run in runs(group):
                for code in run.expected:
                    steps: list[Step] = []
                    outcome(run, code, known_of(run.dates.year), steps)
                    found |= {(code, step.rule.number, step.true) for step in steps}
    return found


def branches(definition: r.Definition) -> set[Branch]:
    """Both branches of each rule; of one that does the same on either side of a group of parts, both too."""
    return {(definition.code, rule.number, side) for rule in definition.rules for side in (True, False)}


def lacking(found: set[Branch], status: str) -> Iterator[Branch]:
    """The branches of the definitions of a status that no case reaches, in order."""
    for definition in _of(status):
        yield from sorted(branches(definition) - found)


def lines(found: set[Branch], every: bool = False) -> Iterator[str]:
    """The report: a line for each status; with `every`, one for each branch that is not reached."""
    for status in ("complete", "inferred", "order unverified"):
        all_of = {branch for definition in _of(status) for branch in branches(definition)}
        lacks = list(lacking(found, status))
        share = f"{len(all_of) - len(lacks)} of {len(all_of)} branches"
        yield f"{status}: {len(_of(status))} definitions, {share} reached"
        if every or status == "complete":
            yield from (f"  {code} rule {number} is never {str(side).lower()}" for code, number, side in lacks)


def _of(status: str) -> list[r.Definition]:
    known = shipped()
    return [d for d in (*known.registers.values(), *known.indicators.values()) if d.status == status]


if __name__ == "__main__":
    print("\n".join(lines(reached(), every=True)))
