"""One definition of a file: its texts parsed, every name in them known, like compared with like, its rules in order.

What is wrong is collected, each mistake at its place; nothing is raised here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import assert_never

from remit.core.problems import did_you_mean
from remit.core.words import listed
from remit.rules import model as r
from remit.rules.condition_checks import A, ConditionChecks, backwards
from remit.rules.parse import Unclear, parse_condition, parse_field, parse_period
from remit.rules.printing import term_text
from remit.rules.rule_files import RuleText
from remit.rules.years import Years, of_version
from remit.scheme.source import Key as Path_


class Checked(ConditionChecks):
    """One definition under way, read whole."""

    def read(self) -> r.Definition:
        self._fields()
        self._source(self.at, self.text.source or self.file.source)
        parts = {
            group: {name: self._condition((*self.at, "parts", group, name), text) for name, text in those.items()}
            for group, those in self.text.parts.items()
        }
        rules = tuple(self._rule(n, rule) for n, rule in enumerate(self.text.rules))
        self._order(rules)
        fields = self._used(rules, parts)
        return r.Definition(
            self.text.code,
            self.text.title,
            self.text.population,
            fields,
            parts,
            rules,
            self.text.status,
            self.text.source or self.file.source or "",
            self.text.version,
            self.text.register_ is not None,
            {name: " ".join(text.split()) for name, text in self.field_texts.items()},
            self.text.group,
            self._years(),
            self._period() if self.text.period else None,
            self._bounds(fields, rules, parts),
        )

    def _bounds(
        self,
        fields: Mapping[str, r.Field],
        rules: tuple[r.Rule, ...],
        parts: Mapping[str, Mapping[str, r.Condition]],
    ) -> dict[str, r.Bounds]:
        """The tables of bounds that it names, in the order of the file."""
        conditions = [rule.condition for rule in rules] + [part for those in parts.values() for part in those.values()]
        conditions += [where for field in fields.values() if (where := r.filter_of(field)) is not None]
        named = {name for condition in conditions for name in r.bounds_in(condition)}
        return {name: table for name, table in self.bounds.items() if name in named}

    def _period(self) -> r.Period | None:
        """The measurement period: its days are of the run or written out, and its first is not after its last."""
        path = (*self.at, "period")
        try:
            period = parse_period(" ".join(self.text.period.split()))
        except Unclear as error:
            hint = "Write 'the 15 months to PPED', 'the calendar year of PPED' or both days, 'PPSD to 2024-12-31'."
            self.add("rules.period-unclear", path, f"period: {error}.", hint, reason=error)
            return None
        run_dates = sorted(r.DATES.keys() - {"MPSD", "MPED"})
        for day in r.period_terms(period):
            if (
                not isinstance(day, r.Shift)
                and not (isinstance(day, r.Name) and day.name in run_dates)
                and not (isinstance(day, r.Constant) and isinstance(day.value, date))
            ):
                text = term_text(day)
                self.add(
                    "rules.period-not-of-run",
                    path,
                    f"period: each of its days must be written out or be {listed(run_dates, 'or')}; found {text}.",
                    name=text,
                )
        if isinstance(period, r.Between):
            first, last = term_text(period.first), term_text(period.last)
            if backwards(period.first, period.last):
                self.add("rules.period-backwards", path, f"period: {last} is before {first}.", first=first, last=last)
        if isinstance(period, r.Ending) and not period.amount:
            self.add("rules.period-backwards", path, f"period: it has 0 {period.unit}s.", amount=0)
        return period

    def _source(self, path: Path_, source: str | None) -> None:
        if source and source not in self.file.sources:
            hint = partial(did_you_mean, source, self.file.sources)
            self.add(
                "rules.source-unknown", (*path, "source"), f"the file has no source '{source}'.", hint, source=source
            )

    def _years(self) -> Years | None:
        """The years that it says; else the year that its version names."""
        if not self.text.years:
            return of_version(self.text.version)
        try:
            return Years.parse(self.text.years)
        except ValueError as error:
            hint = "Write one year, 2024-25, or the first and the last, 2021-22 to 2024-25."
            self.add("rules.years-unclear", (*self.at, "years"), f"years: {error}.", hint, reason=error)
            return None

    def _used(self, rules: tuple[r.Rule, ...], parts: Mapping[str, Mapping[str, r.Condition]]) -> dict[str, r.Field]:
        """The fields that the rules rest on, in the order of the file; the file's others are not this one's."""
        waiting = {name for rule in rules for name in r.names_in(rule.condition)}
        waiting |= {name for those in parts.values() for part in those.values() for name in r.names_in(part)}
        waiting |= set(self.text.fields)
        used: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in self.fields and name not in used:
                used.add(name)
                waiting |= r.names_of(self.fields[name])
        return {name: field for name, field in self.fields.items() if name in used}

    def _fields(self) -> None:
        for name, text in self.field_texts.items():
            path: Path_ = (*self.at, "fields", name) if name in self.text.fields else ("fields", name)
            if name in r.DATES or name in r.PATIENT or name in self.to_give:
                self.add(
                    "rules.name-taken",
                    path,
                    f"'{name}' is already the name of a date or of something known of every patient.",
                    name=name,
                )
            try:
                self.fields[name] = self._widened(parse_field(" ".join(text.split())))
            except Unclear as error:
                self.add("rules.field-unclear", path, f"field {name}: {error}.", name=name, reason=error)
        for name in self.fields:
            path = (*self.at, "fields", name) if name in self.text.fields else ("fields", name)
            self._check_field(path, name, self.fields[name])

    def _widened(self, field: r.Field) -> r.Field:
        """A group of clusters written out, in the filter too; each cluster once."""
        match field:
            case r.Pick() | r.Tally():
                where = self._widened_in(field.where) if field.where is not None else None
                return replace(field, clusters=self._clusters(field.clusters), where=where)
            case r.Value() | r.Supply():
                return replace(field, clusters=self._clusters(field.clusters))
            case r.ReadingOf():
                return replace(field, where=self._widened_in(field.where)) if field.where is not None else field
            case r.DateOf() | r.EndOf() | r.PartOf() | r.Span():
                return field
            case _:
                assert_never(field)

    def _widened_in(self, condition: r.Condition) -> r.Condition:
        match condition:
            case r.Every() | r.Either() | r.AtLeast():
                return replace(condition, parts=tuple(self._widened_in(part) for part in condition.parts))
            case r.Beside():
                where = self._widened_in(condition.where) if condition.where is not None else None
                return replace(condition, clusters=self._clusters(condition.clusters), where=where)
            case r.AnswerIn():
                each = tuple(r.AnswerIn(cluster) for cluster in self._clusters((condition.cluster,)))
                return each[0] if len(each) == 1 else r.Either(each)
            case (
                r.Compare()
                | r.IsNull()
                | r.OnRegister()
                | r.PartsMet()
                | r.CountedBefore()
                | r.Within()
                | r.WithinRecord()
                | r.InOrder()
            ):
                return condition
            case _:
                assert_never(condition)

    def _clusters(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(part for name in names for part in self.file.cluster_groups.get(name, (name,))))

    def _check_field(self, path: Path_, name: str, field: r.Field) -> None:
        match field:
            case r.DateOf():
                self._rests_on(path, name, field, "reading")
            case r.PartOf():
                self._rests_on(path, name, field, "reading")
                source = self.fields.get(field.reading)
                if isinstance(source, r.ReadingOf) and field.cluster not in source.clusters:
                    clusters = " and ".join(source.clusters)
                    self.add(
                        "rules.cluster-not-of-reading",
                        path,
                        f"field {name}: the reading {field.reading} is of {clusters}, not of {field.cluster}.",
                        name=name,
                        cluster=field.cluster,
                    )
            case r.Supply():
                self._window(path, name, field)
            case r.EndOf():
                self._rests_on(path, name, field, "date")
                if self.kind(field.of) == "date" and not isinstance(self.fields.get(field.of), r.Pick):
                    message = f"field {name}: {field.of} picks no record, so it has no end."
                    self.add("rules.end-of-no-record", path, message, name=name, of=field.of)
            case r.Value() | r.Span():
                self._rests_on(path, name, field, "date")
            case r.Pick() | r.ReadingOf() | r.Tally():
                if field.where is not None:
                    self._check(path, field.where, f"field {name}", own_field=name)
                    if name in r.names_in(field.where, beside=False):
                        only = "only within '(any …)' does its name mean the record"
                        self.add("rules.field-names-itself", path, f"field {name} names itself; {only}.", name=name)
            case _:
                assert_never(field)
        if name in self._below(name):
            self.add("rules.field-rests-on-itself", path, f"field {name} rests on itself.", name=name)

    def _window(self, path: Path_, name: str, field: r.Supply) -> None:
        """A window is from a day to a day."""
        for day in (field.first, field.last):
            kind = self._term(path, day, f"field {name}: ", "")
            if kind not in (None, "date"):
                self.add(
                    "rules.wrong-type",
                    path,
                    f"field {name}: {term_text(day)} is {A[kind]}, and {A['date']} is needed here.",
                    name=name,
                    found=kind,
                    expected="date",
                )
        self._forwards(path, field.first, field.last, f"field {name}: ")

    def _rests_on(self, path: Path_, name: str, field: r.Field, needed: r.Kind) -> None:
        """The names that a field rests on are known, and are what is needed."""
        for other in sorted(r.names_of(field)):
            kind = self.kind(other)
            if kind is None:
                self._unknown(path, f"field {name}: ", other)
            elif kind != needed:
                self.add(
                    "rules.wrong-type",
                    path,
                    f"field {name}: {other} is {A[kind]}, and {A[needed]} is needed here.",
                    name=name,
                    other=other,
                    found=kind,
                    expected=needed,
                )

    def _below(self, name: str) -> set[str]:
        """The fields that a field rests on, at any depth; its own name within `(any …)` stands for the record."""
        below: set[str] = set()
        waiting = r.names_of(self.fields[name]) - {name}
        while waiting:
            other = waiting.pop()
            if other in self.fields and other not in below:
                below.add(other)
                waiting |= r.names_of(self.fields[other]) - {other}
        return below

    def _condition(self, path: Path_, text: str) -> r.Condition:
        try:
            condition = parse_condition(" ".join(text.split()))
        except Unclear as error:
            self.add("rules.condition-unclear", path, f"{error}.", reason=error)
            return r.Every(())
        self._check(path, condition, "")
        return condition

    def _rule(self, n: int, text: RuleText) -> r.Rule:
        path = (*self.at, "rules", n)
        self._source(path, text.source)
        condition = self._condition((*path, "if"), text.if_)
        counts = self._counts((*path, "counts"), text.counts, text.then)
        otherwise = self._counts((*path, "else_counts"), text.else_counts, text.else_)
        return r.Rule(
            text.rule, condition, " ".join(text.if_.split()), text.then, text.else_, counts, otherwise, text.words
        )
