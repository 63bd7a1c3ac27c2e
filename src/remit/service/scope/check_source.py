"""Whether the source passes the scope by somewhere: raw SQL, another manager, the service's own scope, evidence."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from remit.service.scope import listed
from remit.service.scope.faults import SERVICE, Fault


@dataclass(frozen=True)
class _Rule:
    """Names that only some modules may use, what they do, and what to do instead. `called`: only where called."""

    names: frozenset[str]
    modules: Mapping[str, str]
    does: str
    to_do: str
    called: bool = False


_LIST = "or list the module with its reason in scope/listed.py"
_RULES = (
    _Rule(
        frozenset({"raw", "extra"}),
        {},
        "sends SQL that no scope filters",
        "Ask with `objects` and filters.",
        called=True,
    ),
    _Rule(frozenset({"RawSQL"}), {}, "sends SQL that no scope filters", "Ask with `objects` and expressions."),
    _Rule(
        frozenset({"connection", "connections", "cursor", "get_connection", "psycopg", "sqlite3"}),
        listed.SQL,
        "reaches the database beside the managers",
        f"Ask with `objects`, {_LIST} (SQL).",
    ),
    _Rule(
        frozenset({
            "_base_manager", "_default_manager", "unscoped_for_conditions", "ScopedQuerySet", "BaseUserManager",
            "Manager", "from_queryset", "_raw_delete", "_insert", "_update",
        }),
        listed.MANAGERS,
        "reads rows that no scope filters",
        f"Ask with `objects`, {_LIST} (MANAGERS).",
    ),
    _Rule(
        frozenset({"EVERYTHING", "as_service"}),
        listed.EVERYTHING,
        "sees every organisation's rows",
        f"Work in the scope of the person or the job, {_LIST} (EVERYTHING).",
    ),
    _Rule(
        frozenset({"Scope"}),
        listed.EVERYTHING,
        "makes a scope of its own",
        f"Use reach, {_LIST} (EVERYTHING).",
        called=True,
    ),
)  # fmt: skip
_TELLING = frozenset({ast.Attribute, ast.Name, ast.ImportFrom, ast.Import, ast.Constant})
"""The parts of a module that name something."""
_READER = "Ask the one reader of evidence, which checks the practice and writes to the audit log."
_IMPORTS = (
    ("django_tasks", listed.TASKS, "makes or runs tasks", "Make a job with @job of remit.service.work.jobs."),
    ("remit.service.scope.scope.put", listed.SETS_SCOPE, "sets a scope that nothing ends", "Use `with acting(…)`."),
    ("remit.service.scope.scope.put_back", listed.SETS_SCOPE, "sets a scope", "Use `with acting(…)`."),
    ("remit.evaluation.evidence", listed.EVIDENCE, "opens rows of patients", _READER),
    ("remit.application.evidence", listed.EVIDENCE, "opens rows of patients", _READER),
)


def of_source(folder: Path = SERVICE) -> Iterator[Fault]:
    """The faults of every module below a folder; migrations run as the tables' owner, and are left out."""
    for path in sorted(folder.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from of_text(path.read_text(encoding="utf-8"), path.relative_to(folder).as_posix())


def of_text(text: str, module: str) -> Iterator[Fault]:
    """The faults of a module, by its path from the service's folder."""
    if module in listed.THE_CHECK:
        return
    shown: set[tuple[int, str, str, str]] = set()
    called: set[int] = set()
    ahead: list[tuple[ast.AST, bool]] = [(ast.parse(text), False)]
    while ahead:  # each part once: every start reads all of the source
        node, in_job = ahead.pop()
        kind = type(node)
        if kind is ast.Call:
            called.add(id(node.func))  # type: ignore[attr-defined]
        elif kind in _TELLING:
            shown |= _of_names(node, module, id(node) in called, in_job)
        elif kind is ast.FunctionDef:
            in_job = in_job or any(_name(one) == "job" for one in node.decorator_list)  # type: ignore[attr-defined]
        ahead += [(below, in_job) for below in ast.iter_child_nodes(node)]
    for line, name, does, to_do in sorted(shown):
        yield Fault(f"{module}:{line}", f"{name} {does}.", to_do)


def _of_names(node: ast.AST, module: str, is_called: bool, in_job: bool) -> set[tuple[int, str, str, str]]:
    """The faults of what a node names, as line, name, what it does and what to do."""
    line: int = node.lineno  # type: ignore[attr-defined]
    shown = set()
    for name in _named(node):
        for rule in _RULES:
            if name in rule.names and module not in rule.modules and (not rule.called or is_called):
                shown.add((line, name, rule.does, rule.to_do))
    for imported in _imported(node):
        for package, modules, does, to_do in _IMPORTS:
            if (imported == package or imported.startswith(f"{package}.")) and module not in modules:
                shown.add((line, imported, does, to_do))
    if in_job and _name(node) in ("EVERYTHING", "as_service"):
        to_do = "A job sees its own organisation's rows: leave it out."
        shown.add((line, _name(node), "is used in a background job", to_do))
    return shown


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _named(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute | ast.Name):
        yield _name(node)
    elif isinstance(node, ast.ImportFrom):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.Import):
        yield from (alias.name.split(".")[0] for alias in node.names)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("_"):
        yield node.value  # getattr(model, "_base_manager")


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
