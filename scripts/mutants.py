"""Small faults put into the code on purpose, each in a copy of it: does a test notice?

`make mutants` puts in the faults listed in tests/mutations.yaml, each once found by hand, and runs the tests that must
notice it. `make mutants FILES=src/remit/scoring/guard.py` makes faults of its own in a file: a comparison or a sum
turned round, a number one higher, a condition or a statement left out. It runs the tests that name the module, or
those of TESTS, and prints the faults that none of them noticed. Not each of these matters: some change nothing.
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from queue import SimpleQueue

import yaml

ROOT = Path(__file__).resolve().parents[1]
LISTED = ROOT / "tests" / "mutations.yaml"
COPIED = ("src", "tests", "examples", "docs", "scripts", "pyproject.toml", "mkdocs.yml", "README.md", "CHANGELOG.md")
OTHER_COMPARISONS = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "is not": "is", "is": "is not",
    "not in": "in", "in": "not in",
}  # fmt: skip
OTHER_SUMS = {"+": "-", "-": "+", "*": "/", "/": "*", "//": "*", "%": "*", "**": "*", "|": "&", "&": "|"}
OTHER_CALLS = {"max": "min", "min": "max", "all": "any", "any": "all"}


@dataclass(frozen=True)
class Fault:
    """A fault in a file: what it does, the text as it would be, and the tests that must notice."""

    what: str
    file: str
    text: bytes
    tests: tuple[str, ...]


# Faults that are listed.


def listed(path: Path = LISTED, only: Sequence[str] = ()) -> Iterator[Fault]:
    """The listed faults, of some files or of all. Raises SystemExit where a text is not in its file exactly once."""
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
        if only and entry["file"] not in only:
            continue
        text = (ROOT / entry["file"]).read_text(encoding="utf-8")
        if text.count(entry["replace"]) != 1:
            raise SystemExit(f"{entry['file']} has {text.count(entry['replace'])} times: {entry['replace']}")
        changed = text.replace(entry["replace"], entry["by"])
        yield Fault(entry["fault"], entry["file"], changed.encode(), tuple(entry["noticed_by"]))


# Faults that are made.


class _Maker(ast.NodeVisitor):
    """Collects changes of a source: from which byte to which, and what comes there."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.starts = [0]
        for line in source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.found: list[tuple[int, int, bytes]] = []

    def begin(self, node: ast.expr | ast.stmt) -> int:
        return self.starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.starts[node.end_lineno - 1] + node.end_col_offset

    def change(self, node: ast.expr | ast.stmt, text: str) -> None:
        self.found.append((self.begin(node), self.end(node), text.encode()))

    def between(self, left: ast.expr, right: ast.expr, others: dict[str, str]) -> None:
        """Another operator where one stands between two operands."""
        at, until = self.end(left), self.begin(right)
        words = self.source[at:until].decode()
        for word in sorted(others, key=len, reverse=True):
            if word in words and "#" not in words:
                place = at + words.index(word)
                self.found.append((place, place + len(word), others[word].encode()))
                return

    def visit_Compare(self, node: ast.Compare) -> None:
        operands = [node.left, *node.comparators]
        for left, right in pairwise(operands):
            self.between(left, right, OTHER_COMPARISONS)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        self.between(node.left, node.right, OTHER_SUMS)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.between(node.target, node.value, {f"{one}=": f"{other}=" for one, other in OTHER_SUMS.items()})
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        others = {"and": "or"} if isinstance(node.op, ast.And) else {"or": "and"}
        for left, right in pairwise(node.values):
            self.between(left, right, others)
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self.found.append((self.begin(node), self.begin(node.operand), b""))
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, bool):
            self.change(node, str(not node.value))
        elif isinstance(node.value, int):
            self.change(node, str(node.value + 1))

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and node.func.id in OTHER_CALLS:
            self.change(node.func, OTHER_CALLS[node.func.id])
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return
        self.turned(node.test)
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self.turned(node.test)
        self.generic_visit(node)

    def turned(self, test: ast.expr) -> None:
        """A condition that is no comparison, which would be turned on its own."""
        if not isinstance(test, ast.Compare | ast.UnaryOp | ast.BoolOp):
            self.change(test, f"not ({self.source[self.begin(test) : self.end(test)].decode()})")

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call):
            self.change(node, "pass")
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for part in node.body:  # and not its decorators
            self.visit(part)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for part in (*node.args.defaults, *node.args.kw_defaults, *node.body):
            if part is not None:
                self.visit(part)

    def visit_Continue(self, node: ast.Continue) -> None:
        self.change(node, "break")

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)

    def visit_arg(self, node: ast.arg) -> None:
        """An annotation is no code."""

    def visit_Assert(self, node: ast.Assert) -> None:
        """What an assertion says is no behaviour."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Python 3.11 does not say where within such a text its parts stand."""


def made(file: str, tests: Sequence[str]) -> Iterator[Fault]:
    """Faults of a file, in the order of its lines."""
    source = (ROOT / file).read_bytes()
    maker = _Maker(source)
    maker.visit(ast.parse(source))
    for at, until, text in sorted(set(maker.found)):
        changed = source[:at] + text + source[until:]
        try:
            ast.parse(changed)
        except SyntaxError:
            continue
        number = source[:at].count(b"\n")
        line = source.splitlines()[number].decode().strip()
        what = f"{source[at:until].decode()!r} is {text.decode()!r} in: {line}"
        yield Fault(f"line {number + 1}: {what}", file, changed, tuple(tests))


def tests_of(file: str) -> list[str]:
    """The test files that name a module, those of tests/unit where there are any."""
    module = ".".join(Path(file).with_suffix("").parts[1:]).removesuffix(".__init__")
    room, _, name = module.rpartition(".")
    names = (f"from {module} import", f"import {module}", f"{module}.", f"from {room} import {name}")
    every = [path for path in sorted((ROOT / "tests").rglob("test_*.py")) if "shared" not in path.parts]
    found = [path for path in every if any(name in path.read_text(encoding="utf-8") for name in names)]
    near = [path for path in found if path.parent.name == "unit"]
    return [path.relative_to(ROOT).as_posix() for path in near or found]


# Tests.


class Copy:
    """A copy of the checkout, where one fault at a time is put in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            elif (ROOT / name).exists():
                shutil.copy(ROOT / name, folder / name)

    def passes(self, tests: Sequence[str], seconds: float | None = None) -> bool:
        """Whether the tests pass in this copy, in so many seconds."""
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
        environment = {
            **os.environ, "PYTHONPATH": str(self.folder / "src"), "PYTHONDONTWRITEBYTECODE": "1",
            "HYPOTHESIS_PROFILE": "quick",
        }  # fmt: skip
        try:
            done = subprocess.run(
                command, cwd=self.folder, env=environment, capture_output=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            return False
        if done.returncode not in (0, 1, 2):
            sys.exit(f"pytest did not run {' '.join(tests)}:\n{done.stdout.decode()}{done.stderr.decode()}")
        return done.returncode == 0

    def survives(self, fault: Fault, seconds: float) -> bool:
        """Whether a fault goes unnoticed."""
        path = self.folder / fault.file
        good = path.read_bytes()
        path.write_bytes(fault.text)
        try:
            return self.passes(fault.tests, seconds)
        finally:
            path.write_bytes(good)


def survivors(faults: Sequence[Fault], jobs: int) -> list[Fault]:
    """The faults that no test notices, named as they are found. Raises SystemExit where a test fails without any."""
    found: list[Fault] = []
    with tempfile.TemporaryDirectory(prefix="remit-mutants.") as name, ThreadPoolExecutor(jobs) as pool:
        free: SimpleQueue[Copy] = SimpleQueue()
        for n in range(jobs):
            free.put(Copy(Path(name) / str(n)))
        copy, begun = free.get(), time.monotonic()
        if not copy.passes(sorted({test for fault in faults for test in fault.tests})):
            raise SystemExit("The tests fail without any fault: make them pass first.")
        seconds = 30 + 5 * (time.monotonic() - begun)  # a fault may make a loop endless
        free.put(copy)

        def survives(fault: Fault) -> bool:
            copy = free.get()
            try:
                return copy.survives(fault, seconds)
            finally:
                free.put(copy)

        for n, (fault, unnoticed) in enumerate(zip(faults, pool.map(survives, faults), strict=True), 1):
            word = "SURVIVES" if unnoticed else "noticed"
            print(f"{n} of {len(faults)}: {word}: {fault.file}: {fault.what}", flush=True)
            if unnoticed:
                found.append(fault)
    return found


def main() -> None:
    """Put in the faults that are listed, or those of some files, and print what nothing notices."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", help="files under src/ to make faults in; none is the listed faults")
    parser.add_argument("--tests", nargs="*", default=[], help="what pytest is to run")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="how many at a time")
    given = parser.parse_args()
    faults: list[Fault] = []
    for file in given.files:
        tests = given.tests or tests_of(file)
        if not tests:
            raise SystemExit(f"No test names {file}: say which to run, TESTS='tests/...'.")
        print(f"{file}: {' '.join(tests)}", flush=True)
        faults += made(file, tests)
    faults = faults or list(listed())
    found = survivors(faults, given.jobs)
    print(f"\n{len(faults)} faults, {len(faults) - len(found)} noticed, {len(found)} survive")
    for fault in found:
        print(f"  {fault.file}: {fault.what}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
