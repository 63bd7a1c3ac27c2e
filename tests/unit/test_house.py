"""No module of the package imports another in a circle, by whatever kind of import."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "remit"

Imports = dict[str, set[str]]


def modules_of(package: Path) -> dict[str, Path]:
    """The files of a package by the names of their modules."""
    found = {}
    for path in package.rglob("*.py"):
        parts = path.relative_to(package.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports_of(package: Path) -> Imports:
    """What each module imports of its package: at the top, within functions, and for type checking alone.

    `from package import name` is an import of the module `name`, where there is one, and of the package where there is
    none. That an import of `a.b` also runs `a/__init__.py` is left out: every package would be a circle with its parts.
    """
    modules = modules_of(package)
    found: Imports = {}
    for name, path in modules.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        is_package = path.name == "__init__.py"
        found[name] = set(_named(tree, name if is_package else name.rpartition(".")[0], set(modules))) - {name}
    return found


def _named(tree: ast.AST, inside: str, modules: set[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = ".".join(inside.split(".")[: len(inside.split(".")) - node.level + 1])
                base = f"{above}.{base}".rstrip(".")
            for alias in node.names:
                full = f"{base}.{alias.name}"
                if full in modules or base in modules:
                    yield full if full in modules else base


def circles_of(imports: Imports) -> set[frozenset[str]]:
    """The groups of modules that reach each other: those of more than one that lie on a common way round."""
    reached = {name: _reached(imports, name) for name in imports}
    circles = {
        frozenset(other for other in ahead if name in reached[other])
        for name, ahead in reached.items()
        if name in ahead
    }
    return {circle for circle in circles if len(circle) > 1}


def _reached(imports: Imports, start: str) -> set[str]:
    seen: set[str] = set()
    ahead = list(imports[start])
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead.extend(imports[name])
    return seen


def test_no_modules_import_each_other_in_a_circle() -> None:
    imports = imports_of(PACKAGE)
    assert len(imports) > 200
    assert sum(len(names) for names in imports.values()) > 800
    assert circles_of(imports) == set()


@pytest.mark.parametrize(
    ("a", "b", "circle"),
    [
        ("from made.b import name", "from made.a import name", True),
        ("def later():\n    from made import b", "import made.a", True),
        ("if TYPE_CHECKING:\n    from made.b import Name", "from .a import name", True),
        ("from made.b import name", "import json", False),
        ("from . import b", "from made.c import name", True),
    ],
)
def test_a_circle_is_seen_by_whatever_import_ties_it(tmp_path: Path, a: str, b: str, circle: bool) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    for name, text in {"__init__": "", "a": a, "b": b, "c": "from made import a"}.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    found = circles_of(imports_of(folder))
    assert [{"made.a", "made.b"} <= one for one in found] == ([True] if circle else [])
