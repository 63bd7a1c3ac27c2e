"""What the checks of a definition share: adding problems, and checking what its rules count and their order."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from remit.core.problems import Collector, Hint
from remit.rules import model as r
from remit.rules.rule_files import DefinitionText, RuleFile
from remit.scheme.source import Key as Path_
from remit.scheme.source import Source

_PCA = re.compile(rf"PCA (specific|general) ([A-Z][A-Z0-9_]*), ({'|'.join(r.PCA_KINDS)})")
_EXCLUSION = re.compile(r"exclusion ([A-Z][A-Z0-9_]*)")


Reported = tuple[Path_, str]


class Checking:
    """One definition that is being checked. `reported` holds the problems reported for the fields of its file, and
    `to_give` has the names of the numbers that whoever evaluates gives."""

    def __init__(
        self,
        source: Source,
        file: RuleFile,
        n: int,
        text: DefinitionText,
        problems: Collector,
        reported: set[Reported],
        bounds: Mapping[str, r.Bounds],
        to_give: Collection[str] = (),
    ) -> None:
        self.source, self.file, self.at, self.text, self.problems = source, file, ("definitions", n), text, problems
        self.reported = reported
        self.bounds = bounds
        self.to_give = to_give
        self.field_texts = {**file.fields, **text.fields}
        self.fields: dict[str, r.Field] = {}
        self.kinds: dict[str, r.Kind | None] = {}
        self.around: tuple[str, ...] = ()
        """The names of the records around the one whose filter is read."""

    def add(self, code: str, path: Path_, message: str, hint: Hint = "", **data: object) -> None:
        """A problem at its place. A fault in a field of the whole file is reported once, not for each code."""
        of_the_file = path[0] == "fields"
        if not of_the_file or (path, message) not in self.reported:
            lead = "" if of_the_file else f"{self.text.code}: "
            self.problems.add(
                code, f"{lead}{message}", self.source.place(path), hint, definition=self.text.code, **data
            )
        self.reported.add((path, message))

    def _counts(self, path: Path_, text: str, action: r.Action) -> r.Counts | None:
        if self.text.register_ or action == "Next rule":
            if text:
                why = (
                    "a register counts nothing" if self.text.register_ else "what goes to the next rule is not counted"
                )
                self.add("rules.counts-nothing", path, f"{why}, found '{text}'.", found=text)
            return None
        if not text:
            if action == "Reject":
                self.add(
                    "rules.rejection-uncounted",
                    path,
                    "a rejection must say what it counts as: 'exclusion CODE' or 'PCA specific CODE, unsuitable'.",
                )
            return r.NOT_ACHIEVED
        if text in ("achieved", "not achieved"):
            if action != "Select":
                self.add(
                    "rules.counts-of-selected",
                    path,
                    f"'{text}' can only be counted by a rule that selects.",
                    found=text,
                )
            return r.Counts("achieved") if text == "achieved" else r.NOT_ACHIEVED
        if match := _EXCLUSION.fullmatch(text):
            counts = r.Counts("exclusion", match[1])
        elif match := _PCA.fullmatch(text):
            counts = r.Counts("pca", match[2], match[3], match[1] == "general")
        else:
            expected = (
                f"achieved, not achieved, 'exclusion CODE', or 'PCA specific CODE, kind' (of {', '.join(r.PCA_KINDS)})"
            )
            self.add("rules.counts-unknown", path, f"expected {expected}; found '{text}'.", found=text)
            return r.NOT_ACHIEVED
        if action != "Reject":
            self.add(
                "rules.counts-of-rejected", path, f"'{text}' can only be counted by a rule that rejects.", found=text
            )
        return counts

    def _order(self, rules: tuple[r.Rule, ...]) -> None:
        path = (*self.at, "rules")
        for n, rule in enumerate(rules):
            if n and rule.number <= rules[n - 1].number:
                before = rules[n - 1].number
                self.add(
                    "rules.out-of-order",
                    (*path, n, "rule"),
                    f"rule {rule.number} comes after rule {before}: number the rules upwards.",
                    rule=rule.number,
                    before=before,
                )
            last = n == len(rules) - 1
            if last and "Next rule" in (rule.then, rule.otherwise):
                self.add(
                    "rules.last-goes-on",
                    (*path, n),
                    f"rule {rule.number} is the last, so it cannot say Next rule.",
                    "Give it 'else'.",
                    rule=rule.number,
                )
            if not last and "Next rule" not in (rule.then, rule.otherwise):
                self.add(
                    "rules.never-reached",
                    (*path, n),
                    f"no rule after rule {rule.number} is ever reached.",
                    rule=rule.number,
                )
        if not rules:
            self.add("rules.none", path, f"{'a register' if self.text.register_ else 'an indicator'} needs rules.")
