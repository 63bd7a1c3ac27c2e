"""What checks of a definition share: how a problem is added; and what its rules count, in which order they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping

from remit.core.problems import Collector, Hint
from remit.rules import model as r
from remit.rules.rule_files import DefinitionText, RuleFile
from remit.scheme.source import Key as Path_
from remit.scheme.source import Source

_PCA = re.compile(rf"PCA (specific|general) ([A-Z][A-Z0-9_]*), ({'|'.join(r.PCA_KINDS)})")
_EXCLUSION = re.compile(r"exclusion ([A-Z][A-Z0-9_]*)")


Said = tuple[Path_, str]


class Checking:
    """One definition under way. `said` holds what was already said of the fields of its whole file."""

    def __init__(
        self,
        source: Source,
        file: RuleFile,
        n: int,
        text: DefinitionText,
        problems: Collector,
        said: set[Said],
        bounds: Mapping[str, r.Bounds],
    ) -> None:
        self.source, self.file, self.at, self.text, self.problems = source, file, ("definitions", n), text, problems
        self.said = said
        self.bounds = bounds
        self.given = {**file.fields, **text.fields}
        self.fields: dict[str, r.Field] = {}
        self.kinds: dict[str, r.Kind | None] = {}
        self.around: tuple[str, ...] = ()
        """The names of the records around the one whose filter is read."""

    def add(self, code: str, path: Path_, message: str, hint: Hint = "", **data: object) -> None:
        """A problem at its place; what is wrong with a field of the whole file is said once, and not of each code."""
        of_the_file = path[0] == "fields"
        if not of_the_file or (path, message) not in self.said:
            lead = "" if of_the_file else f"{self.text.code}: "
            self.problems.add(
                code, f"{lead}{message}", self.source.place(path), hint, definition=self.text.code, **data
            )
        self.said.add((path, message))

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
                    "a rejection says what it counts as: 'exclusion CODE' or 'PCA specific CODE, unsuitable'.",
                )
            return r.NOT_ACHIEVED
        if text in ("achieved", "not achieved"):
            if action != "Select":
                self.add("rules.counts-of-selected", path, f"'{text}' is of someone selected.", found=text)
            return r.Counts("achieved") if text == "achieved" else r.NOT_ACHIEVED
        if match := _EXCLUSION.fullmatch(text):
            found = r.Counts("exclusion", match[1])
        elif match := _PCA.fullmatch(text):
            found = r.Counts("pca", match[2], match[3], match[1] == "general")
        else:
            wanted = (
                f"achieved, not achieved, 'exclusion CODE', or 'PCA specific CODE, kind' (of {', '.join(r.PCA_KINDS)})"
            )
            self.add("rules.counts-unknown", path, f"expected {wanted}; found '{text}'.", found=text)
            return r.NOT_ACHIEVED
        if action != "Reject":
            self.add("rules.counts-of-rejected", path, f"'{text}' is of someone rejected.", found=text)
        return found

    def _order(self, rules: tuple[r.Rule, ...]) -> None:
        path = (*self.at, "rules")
        for n, rule in enumerate(rules):
            if n and rule.number <= rules[n - 1].number:
                before = rules[n - 1].number
                self.add(
                    "rules.out-of-order",
                    (*path, n, "rule"),
                    f"rule {rule.number} stands after rule {before}: rules are numbered upwards.",
                    rule=rule.number,
                    before=before,
                )
            last = n == len(rules) - 1
            if last and "Next rule" in (rule.then, rule.otherwise):
                self.add(
                    "rules.last-goes-on",
                    (*path, n),
                    f"rule {rule.number} is the last, and says Next rule.",
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
            self.add("rules.none", path, f"{'a register' if self.text.register_ else 'an indicator'} has rules.")
