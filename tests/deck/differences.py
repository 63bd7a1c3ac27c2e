"""What differs between two records of a case, in two kinds.

*Figures*: places where the sequence of numbers is another one. *Words*: places where the text changed and every number
in it is the same and in the same order. A place is a run of changed lines of one part (one stream or one file) of one
command; a run of as many lines before as after is looked at line by line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from tests.deck.playing import MARK, PART

NUMBER = re.compile(r"[-−+]?£?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?%?")
FIGURES, WORDS = "figures", "words"
LONG = 4000  # lines: longer parts are first narrowed to what lies between their common ends


@dataclass(frozen=True)
class Difference:
    """One place that differs."""

    kind: str
    command: str
    part: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    def lines(self) -> list[str]:
        """As a unified difference has it."""
        return [*(f"-{line}" for line in self.before), *(f"+{line}" for line in self.after)]

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Which words took the place of which."""
        old, new = " ".join(self.before).split(), " ".join(self.after).split()
        for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag != "equal":
                yield " ".join(old[i:j]), " ".join(new[k:m])


def parts_of(record: str) -> dict[tuple[str, str], list[str]]:
    """The lines of each part of each command; a command given again has its number behind it."""
    found: dict[tuple[str, str], list[str]] = {}
    given: Counter[str] = Counter()
    command, lines = "", []
    for line in record.splitlines():
        if line.startswith(MARK):
            command = line.removeprefix(MARK)
            given[command] += 1
            if given[command] > 1:
                command = f"{command} (time {given[command]})"
        elif line.startswith(PART):
            lines = found.setdefault((command, line.removeprefix(PART)), [])
        else:
            lines.append(line)
    return found


def differences(before: str, after: str) -> list[Difference]:
    """Every place that differs between two records, in the order of the later; what only the earlier has comes last."""
    if before == after:
        return []
    old, new = parts_of(before), parts_of(after)
    found: list[Difference] = []
    for key in [*new, *(key for key in old if key not in new)]:
        one, other = old.get(key), new.get(key)
        if one is None or other is None:
            said = one if other is None else other
            head = ["[this part is gone]" if other is None else "[this part is new]"]
            found.append(
                _difference(key, (one or []) if other is None else [], [*head, *(said or [])] if one is None else head)
            )
        elif one != other:
            found.extend(_places(key, one, other))
    return found


def _places(key: tuple[str, str], one: list[str], other: list[str]) -> Iterator[Difference]:
    """The places of one part."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    one, other = one[start : len(one) - end], other[start : len(other) - end]
    if len(one) == len(other) and len(one) > LONG:
        opcodes = [("replace", n, n + 1, n, n + 1) for n in range(len(one)) if one[n] != other[n]]
    else:
        opcodes = [
            code for code in SequenceMatcher(None, one, other, autojunk=False).get_opcodes() if code[0] != "equal"
        ]
    for _, i, j, k, m in opcodes:
        if j - i == m - k:
            yield from (
                _difference(key, [one[i + n]], [other[k + n]]) for n in range(j - i) if one[i + n] != other[k + n]
            )
        else:
            yield _difference(key, one[i:j], other[k:m])


def _difference(key: tuple[str, str], before: list[str], after: list[str]) -> Difference:
    numbers = [NUMBER.findall("\n".join(lines)) for lines in (before, after)]
    same = numbers[0] == numbers[1] and key[1] != "status"
    return Difference(WORDS if same else FIGURES, *key, tuple(before), tuple(after))


def listing(case: str, found: list[Difference], most: int = 200) -> str:
    """The places of a case as text, figures first; of each kind at most so many lines."""
    lines = [f"{case}: {count(found, FIGURES)} figures and {count(found, WORDS)} words differ"]
    for kind in (FIGURES, WORDS):
        shown = [line for one in found if one.kind == kind for line in (f"@@ {one.command} | {one.part}", *one.lines())]
        if shown:
            left = len(shown) - most
            lines += ["", f"{kind.upper()}", *shown[:most], *([f"… and {left} more lines"] if left > 0 else [])]
    return "\n".join(lines)


def count(found: list[Difference], kind: str) -> int:
    """How many places are of a kind."""
    return sum(one.kind == kind for one in found)


def summary(cases: dict[str, list[Difference]]) -> str:
    """All cases together: which changed, each pair of words once with how often, and every changed figure."""
    changed = {case: found for case, found in cases.items() if found}
    if not changed:
        return f"Cases played: {len(cases)}. Nothing differs."
    lines = [f"{len(changed)} of {len(cases)} cases differ:", f"  {'case':40} figures   words"]
    lines += [f"  {case:40} {count(f, FIGURES):7} {count(f, WORDS):7}" for case, f in changed.items()]
    pairs: Counter[tuple[str, str]] = Counter()
    figures: list[str] = []
    for case, found in changed.items():
        for one in found:
            if one.kind == WORDS:
                pairs.update(one.pairs())
            else:
                figures += [f"@@ {case} | {one.command} | {one.part}", *one.lines()]
    if pairs:
        lines += ["", "WORDS: before → after × how often"]
        lines += [
            f"  {old or '(nothing)'} → {new or '(nothing)'} ×{times}" for (old, new), times in pairs.most_common()
        ]
    if figures:
        lines += ["", "FIGURES", *figures]
    return "\n".join(lines)
