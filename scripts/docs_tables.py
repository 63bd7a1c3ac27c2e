"""Writes what the docs say straight from the code: JSON Schemas, tables of keys and lint rules, what is not verified.

python scripts/docs_tables.py            write
python scripts/docs_tables.py --check    say what is not current, and end with status 1 if anything is
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from itertools import groupby, takewhile
from pathlib import Path

from remit.cli.problem_codes import CODES
from remit.cli.worded import way_for
from remit.contract.duties import Duty, why_apart
from remit.contract.machine import Machine, Move, Party
from remit.contract.machines import IN_THE_SERVICE, LATER
from remit.core import say
from remit.documents.problems import codes
from remit.records.measures import rows
from remit.rules.definitions import Definitions, shipped
from remit.scheme import Scheme, load_scheme, scheme_ids
from remit.scheme.doubts import Doubt, doubts, remarks, required
from remit.scheme.keys import CITED, about
from remit.scheme.lint import RULES, waits_for
from remit.scheme.numbers import numbers
from remit.scheme.schema import models, schema_text
from remit.service.deployment_names import NAMES
from remit.service.people.duties import act_pairs, role_pairs
from remit.service.people.roles import ROLES

DOCS = Path(__file__).resolve().parents[1] / "docs"
_KINDS = "keys|rules|readings|unverified|problems|units|limits|settings|roles-apart|acts-apart|roles|states"
_BLOCK = re.compile(rf"<!-- ({_KINDS})((?: \w+)*) -->\n.*?<!-- /\1 -->", re.DOTALL)


def pages() -> dict[Path, str]:
    """Every file that is made, with what it should hold."""
    made = {DOCS / "schema" / f"{which}.schema.json": schema_text(which) for which in ("scheme", "indicators")}
    for page in (
        DOCS / "reference" / f"{name}.md"
        for name in (
            "scheme-file",
            "unverified-numbers",
            "how-rules-are-read",
            "problems",
            "records",
            "settings",
            "roles",
            "scheme-year",
        )
    ):
        made[page] = _BLOCK.sub(_filled, page.read_text(encoding="utf-8"))
    return made


def _filled(block: re.Match[str]) -> str:
    kind, names = block[1], block[2].split()
    makers: dict[str, Callable[[], Iterator[str]]] = {
        "keys": lambda: _keys(names),
        "rules": _rules,
        "problems": _problems,
        "units": _units,
        "limits": _limits,
        "roles": _roles,
        "roles-apart": _roles_apart,
        "acts-apart": _acts_apart,
        "states": lambda: _states(IN_THE_SERVICE if names == ["service"] else LATER),
        "readings": _readings,
        "settings": _settings,
        "unverified": lambda: (line for name in scheme_ids() for line in _unverified(load_scheme(name))),
    }
    return "\n".join([f"<!-- {kind}{block[2]} -->\n", *makers[kind](), f"\n<!-- /{kind} -->"])


def _keys(names: list[str]) -> Iterator[str]:
    """The keys of some models, each with what it means; a star is on what must be there."""
    known = dict(models())
    if names == ["Cited"]:
        yield from _table("Key", "Means", [(f"`{key}`", text) for key, text in CITED.items()])
        return
    rows = []
    for name in names:
        for key, field in known[name].model_fields.items():
            if key in CITED and name != "StepTable":
                continue
            shown = field.alias or key
            star = "" if not field.is_required() else "\\*"
            kind = f"{_called(name)} " if len(names) > 1 else ""
            rows.append((f"{kind}`{shown}`{star}", field.description or about(name, key)))
    yield from _table("Key (\\* must be given)", "Means", rows)


def _settings() -> Iterator[str]:
    """What a deployment may set in the environment."""
    yield from _table(
        "Name", "What it says", [(f"`{one.name}`", f"{one.about} Not set: {one.default}.") for one in NAMES]
    )


def _called(name: str) -> str:
    names = {
        "StepThenLinear": "step_then_linear",
        "StepTable": "a table's",
        "ListBasis": "heads, list:",
        "ListWeight": "weights: list:",
        "PrevalenceWeight": "weights: prevalence:",
        "TargetPopulationWeight": "weights: target_population:",
        "PaidInAdvance": "paid_in_advance:",
        "AdditionalBudget": "additional:",
        "Budget": "budgets:",
        "DidNotAttend": "did_not_attend:",
        "Milestone": "a milestone's",
        "LocalTopics": "local:",
        "HigherOf": "higher_of",
        "ChangeOver": "change_over",
        "ChangeStep": "steps of change_over:",
        "OwnTarget": "own_target",
        "Ordinary": "ordinary:",
        "Improvement": "improvement:",
        "BetterOfTwoYears": "better_of_two_years",
        "QualityImprovement": "quality_improvement",
        "SharedSavings": "shared_savings",
        "IncomeProtection": "income_protection",
        "PaidOnActivity": "paid_on_activity:",
        "ClaimTerms": "claims:",
        "Reduction": "reduced:",
        "Repayment": "repaid:",
        "AchievementOf": "of an achievement:",
        "PcaRateOf": "of a rate of PCAs:",
        "ColumnOf": "of a column:",
        "CountOf": "of a count:",
        "DeclaredYes": "of a declaration:",
        "ManyReach": "of several items:",
        "AcceptedScheme": "of another scheme:",
        "AllOf": "together:",
        "AnyOf": "together:",
        "Not": "together:",
    }
    text = names.get(name, name.lower())
    return text if text.endswith((":", "'s")) else f"{text}:"


def _units() -> Iterator[str]:
    spellings = groupby(rows("units.csv"), key=lambda row: row["ucum"])
    yield from _table("Unit", "Is also written", [
        (f"`{unit}`", ", ".join(f"`{row['written']}`" for row in those)) for unit, those in spellings
    ])  # fmt: skip


def _limits() -> Iterator[str]:
    yield "| Cluster | Unit | Lowest | Highest | Standing and source |"
    yield "|---|---|---:|---:|---|"
    for row in rows("limits.csv"):
        cells = (row["cluster"], f"`{row['unit']}`", row["lowest"], row["highest"])
        yield "| " + " | ".join(map(_cell, (*cells, say.sentence(f"{row['standing']}: {row['source']}")))) + " |"


def _rules() -> Iterator[str]:
    rows = [(f"`{code.name}`", code.severity, code.about) for code in RULES.values()]
    yield "| Rule | Level | When |"
    yield "|---|---|---|"
    yield from ("| " + " | ".join(map(_cell, row)) + " |" for row in rows)


def _roles() -> Iterator[str]:
    """What each role of the service may do, and where it is given."""
    yield "| Role | Given in a | May | Second factor |"
    yield "|---|---|---|---|"
    for role in ROLES.values():
        kinds, actions = ", ".join(sorted(role.kinds)), ", ".join(sorted(map(str, role.actions)))
        factor = "required" if role.needs_second_factor else "as you like"
        yield f"| {role.title} | {kinds} | {actions} | {factor} |"


def _roles_apart() -> Iterator[str]:
    """Which roles one person does not hold together, and why."""
    rows = [(f"{ROLES[one].title} and {ROLES[other].title.lower()}", why) for one, other, why in role_pairs()]
    yield from _table("Roles", "Why not one person", rows)


def _acts_apart() -> Iterator[str]:
    """What one person does not do to the same thing, and why."""
    yield from _table("To", "Why not one person", [(f"{one}, and {other}", why) for one, other, why in act_pairs()])


def _states(machines: Iterable[Machine[StrEnum, StrEnum, Party]]) -> Iterator[str]:
    """Of each machine: every step from every state, who takes it, and what the same person must not have done."""
    for machine in machines:
        yield f"### {machine.name}\n"
        has_apart = any(map(_apart, machine.moves.values()))
        yield "| State | Step | Who | Reason | Leads to |" + has_apart * " Not together with |"
        yield "|---|---|---|---|---|" + has_apart * "---|"
        order = [None, *machine.states]
        for (state, step), move in sorted(machine.moves.items(), key=lambda entry: order.index(entry[0][0])):
            cells = (state or "nothing yet", step, _who(move), "required" if move.reason else "", move.to)
            further = (_apart(move),) if has_apart else ()
            yield "| " + " | ".join(map(_cell, cells + further)) + " |"
        yield ""


def _who(move: Move[StrEnum, Party]) -> str:
    return say.listed([party.removeprefix("the ") for party in Party if party in move.by], "or")


def _apart(move: Move[StrEnum, Party]) -> str:
    """What comes before and is apart from it: of a pair, the second to be done is refused."""
    duty = move.duty
    before = takewhile(lambda other: other != duty, Duty)
    return "; ".join(other for other in before if duty is not None and why_apart(duty, other))


def _problems() -> Iterator[str]:
    """The codes of each room, by what they begin with: how bad it is, what it means, what to do and how here."""
    for room, those in groupby(codes(CODES), key=lambda code: code.name.partition(".")[0]):
        yield f"## {room}\n"
        yield "| Code | | What it means, and what to do | On the command line |"
        yield "|---|---|---|---|"
        for code in those:
            row = (f"`{code.name}`", code.severity, say.sentence(code.about), way_for(code.name))
            yield "| " + " | ".join(map(_cell, row)) + " |"
        yield ""


def _readings() -> Iterator[str]:
    """Of each register and indicator over records: where its rules are from, and how a source was read."""
    yield from _readings_of(shipped(), "")
    for year in sorted(shipped().editions):
        yield from _readings_of(shipped().of(year), f", {year}")


def _readings_of(known: Definitions, year: str) -> Iterator[str]:
    """Those of the definitions of a year's edition, or with no year of all others."""
    for code, text in known.texts.items():
        if year and text is shipped().texts.get(code):
            continue
        found = known.find(code)
        source = known.sources.get(found.source) if found else None
        status = "complete" if text.status == "complete" else f"**{text.status}**"
        yield f"## {code}{year}\n"
        title = source.title if source else "not said"
        yield f"{_text(say.sentence(text.title))} Its rules are {status}; source: {_text(title)}.\n"
        if text.note:
            yield f"{_text(' '.join(text.note.split()))}\n"
        rows = []
        for rule in text.rules:
            if rule.note or rule.standing:
                whence = [f"**{rule.standing}**"] if rule.standing else []
                whence += [known.sources[rule.source].title] if rule.source else []
                rows.append((str(rule.rule), ", ".join(whence), " ".join(rule.note.split())))
        if rows:
            yield "| Rule | Standing and source | How it was read |"
            yield "|---|---|---|"
            yield from ("| " + " | ".join(map(_cell, row)) + " |" for row in rows)
            yield ""


def _unverified(scheme: Scheme) -> Iterator[str]:
    every = list(numbers(scheme))
    counts = {s: sum(n.standing == s and not n.required for n in every) for s in ("unverified", "inferred")}
    yield f"## {say.clean(scheme.title)}\n"
    shown = (
        " and ".join(
            f"{count} {'is' if count == 1 else 'are'} {standing}" for standing, count in counts.items() if count
        )
        or "all are verified"
    )
    yield f"`{scheme.scheme}`: of {len(every)} numbers {shown}.\n"
    yield from _table("What", "Standing, source and why", [_row(doubt) for doubt in doubts(scheme)])
    waits = [
        f"`{name}`: {say.listed(waits_for(scheme, name))}"
        for name, parameter in scheme.parameters.items()
        if parameter.default is None
    ]
    missing = [*(number.label for number in required(scheme)), *waits]
    if missing:
        yield f"\nNo source gives, and it must be supplied: {_text('; '.join(missing))}."
    left = remarks(scheme)
    if left:
        yield "\nLeft open, or remarked, where the source itself was read:\n"
        yield from (f"- {_text(say.sentence(f'{name}: {say.clean(note)}'))}" for name, note in left)
    yield ""


def _row(doubt: Doubt) -> tuple[str, str]:
    why = [say.sentence(f"**{doubt.standing}**: {doubt.title}")]
    if doubt.source:
        why += [say.sentence(f"{name}: {say.clean(note)}") for name, note in doubt.notes()]
    labels = doubt.labels()
    return "; ".join(labels) if labels else "what is said beside", " ".join(why)


def _table(first: str, second: str, rows: list[tuple[str, str]]) -> Iterator[str]:
    yield f"| {first} | {second} |"
    yield "|---|---|"
    yield from (f"| {_cell(one)} | {_cell(other)} |" for one, other in rows)


def _cell(text: str) -> str:
    return _text(text).replace("|", "\\|")


def _text(text: str) -> str:
    """On one line, with what Markdown would take for markup left as it is."""
    return " ".join(text.replace("<", "&lt;").split())


def main() -> int:
    """Write, or with --check compare. The exit status."""
    stale = [page for page, text in pages().items() if not page.is_file() or page.read_text(encoding="utf-8") != text]
    for page in stale:
        print(f"{page.relative_to(DOCS.parent)}: {'is not current' if '--check' in sys.argv else 'written'}")
    if "--check" in sys.argv:
        return 1 if stale else 0
    for page, text in pages().items():
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
