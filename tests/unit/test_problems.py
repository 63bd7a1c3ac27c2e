"""Every error and warning has a code that is declared, data that a program can read, and words of its front end."""

from __future__ import annotations

import ast
import json
import pickle
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import yaml
from tests.bad_files.command import COUNTS, PRACTICES, assert_refused, remit

import remit as package
from remit.cli.problem_codes import CODES
from remit.cli.worded import LEADS, way_for, way_out, worded
from remit.cli.wording import WAYS
from remit.core.problems import Collector, Data, Place, Refused, did_you_mean, error, refuse, warning
from remit.documents.problems import codes
from remit.files.manifest import encoded
from remit.files.processes import shared_out
from remit.runs import open_run, read_inputs, write_run
from remit.runs.engine import Run
from remit.runs.manifest import SaidWarning, kept_warning, warned
from remit.scheme import load_scheme, scheme_ids
from remit.scheme.lint import lint
from remit.scheme.loader import find, read_with_bases

SOURCE = Path(str(package.__file__)).parent
DECLARED = {code.name: code for code in codes(CODES)}
CODE = re.compile(r"[a-z]+(\.[a-z0-9]+(-[a-z0-9]+)*)")
OPTION = re.compile(r"(?:^|[^A-Za-z0-9-])(--[a-z][a-z-]+)")
MODULES = [
    path for path in sorted(SOURCE.rglob("*.py")) if path.name != "problem_codes.py" and path.name != "wording.py"
]
_OWN_ADD = ("scheme", "rules", "reconciliation")  # rooms where a class has its own `add` or `_note`
MAKERS = {"error": "error", "refuse": "error", "warning": "warning"}


@cache
def calls(path: Path) -> tuple[tuple[ast.Call, str, ast.expr], ...]:
    """Each call that makes a problem: what it is called, and its first argument."""
    return tuple(_calls(ast.parse(path.read_text(encoding="utf-8")), path))


def _calls(tree: ast.Module, path: Path) -> Iterator[tuple[ast.Call, str, ast.expr]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        owner = ast.unparse(node.func).rpartition(".")[0]
        adds = name == "add" and ("problems" in owner or owner == "collector")
        checks = (
            name in ("add", "_note") and owner == "self" and (path.parent.name in ("scheme", "rules", "reconciliation"))
        )
        if (name in MAKERS and not owner) or adds or checks:
            yield node, name, node.args[0]


def texts(argument: ast.expr) -> list[str]:
    """The codes that an argument may be; none where it is handed on by a name."""
    parts = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def test_every_problem_that_is_made_has_a_declared_code_of_its_severity() -> None:
    seen = 0
    for path in MODULES:
        for call, name, argument in calls(path):
            found = texts(argument)
            where = f"{path}:{call.lineno}"
            assert found or isinstance(argument, ast.Name), where
            assert isinstance(argument, ast.Constant | ast.IfExp) or ast.unparse(argument) in ("code", "kind"), where
            for text in found:
                seen += 1
                assert text in DECLARED, f"{where}: {text}"
                assert DECLARED[text].severity == MAKERS.get(name, DECLARED[text].severity), f"{where}: {text}"
    assert seen > 300


def test_every_declared_code_is_used() -> None:
    every = "\n".join(path.read_text(encoding="utf-8") for path in MODULES)
    assert [name for name in DECLARED if f'"{name}"' not in every] == []


def test_codes_are_declared_once_in_one_form_and_say_what_to_do() -> None:
    names = [code.name for code in codes(CODES)]
    assert len(names) == len(set(names))
    assert [name for name in names if not CODE.fullmatch(name)] == []
    errors = [code for code in DECLARED.values() if code.severity == "error"]
    assert [code.name for code in errors if not code.about.endswith(".")] == []
    assert [code.name for code in DECLARED.values() if OPTION.search(code.about)] == []


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a module but for what stands as a sentence of its own: docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


def test_what_the_domain_says_names_no_option() -> None:
    looked = 0
    for path in sorted(SOURCE.rglob("*.py")):
        if path.relative_to(SOURCE).parts[0] in ("cli", "service"):
            continue
        for line, text in literals(path):
            looked += 1
            assert not OPTION.search(text), f"{path}:{line}: {text}"
    assert looked > 5000


def test_the_library_names_no_option() -> None:
    looked = 0
    for path in sorted((SOURCE / "library").rglob("*.y*ml")):
        if "templates" in path.parts:
            continue
        looked += 1
        held = json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str, ensure_ascii=False)
        assert OPTION.findall(held) == [], path
    assert looked > 20


def options() -> set[str]:
    """Every option of every command."""
    from remit.cli.commands import PLACES, command_of

    found: set[str] = set()
    waiting = [command_of(name) for name in PLACES]
    while waiting:
        command = waiting.pop()
        found |= {name for parameter in command.params for name in parameter.opts + parameter.secondary_opts}
        waiting += getattr(command, "commands", {}).values()
    return found


def test_the_command_line_words_declared_codes_with_options_that_it_has() -> None:
    assert {*WAYS, *LEADS} <= DECLARED.keys()
    named = {name for text in (*WAYS.values(), *LEADS.values()) for name in OPTION.findall(text)}
    assert len(named) > 25
    assert named <= options()
    assert [code for code in WAYS if "{" in way_for(code)] == []


def site_of(code: str) -> list[set[str]]:
    """What each place that makes a code gives as data."""
    return [
        {keyword.arg or "" for keyword in call.keywords}
        for path in MODULES
        for call, _, argument in calls(path)
        if code in texts(argument)
    ]


@pytest.mark.parametrize("code", sorted(code for code in WAYS if not code.startswith("lint.")))
def test_what_a_way_out_speaks_of_is_in_the_data(code: str) -> None:
    wanted = set(re.findall(r"\{([a-z_]+)", WAYS[code])) - {"hint", "made_by"}
    sites = site_of(code)
    if wanted:
        assert sites
        assert [wanted - given for given in sites if wanted - given] == []


def test_what_lint_finds_can_be_worded() -> None:
    """Its codes are yielded with their data: every finding of the schemes that ship has what its words ask for."""
    found = [one for name in scheme_ids() for one in lint(load_scheme(name), read_with_bases(find(name)))]
    assert {one.code for one in found} >= {code for code in WAYS if code.startswith("lint.")}
    assert [one for one in found if not worded(one).plain.endswith(f"[{one.code}]")] == []
    assert [one for one in found if DECLARED[one.code].severity != one.severity] == []


def test_the_command_line_words_the_way_out_and_ends_with_the_code() -> None:
    found = error("files.is-there-already", "is there already.", Place("a.csv"), "Name another file.")
    said = "a.csv: is there already. Name another file, or say --replace to write over it. [files.is-there-already]"
    assert worded(found).plain == said
    assert str(found) == "a.csv: is there already. Name another file."
    unknown = error("counts.indicator-unknown", "no.", None, did_you_mean("HYP09", ["HYP009"]), indicator="HYP09")
    assert way_out(unknown) == "Did you mean HYP009? --ignore-unknown skips such rows."
    assert unknown.data["nearest"] == ("HYP009",)
    supplied = error("scheme.value-unfit", "value: expected pounds.", Place("the supplied SPI.tariff"))
    assert worded(supplied).plain == "--set SPI.tariff: value: expected pounds. [scheme.value-unfit]"


def test_a_code_of_which_the_command_line_says_nothing_keeps_the_hint() -> None:
    found = error("files.not-utf-8", "is not UTF-8 here.", Place("a.csv", 2), "Save it as CSV UTF-8.")
    assert worded(found).plain == "a.csv:2: is not UTF-8 here. Save it as CSV UTF-8. [files.not-utf-8]"


def test_data_are_plain_and_never_change() -> None:
    data = Data(path=Path("a/b.csv"), rows=[3, 4], names={"b", "a"}, whole=True, none=None, row=7)
    assert dict(data) == {
        "path": "a/b.csv", "rows": (3, 4), "names": ("a", "b"), "whole": True, "none": None, "row": 7,
    }  # fmt: skip
    assert json.loads(json.dumps(dict(data)))["rows"] == [3, 4]
    assert hash(data) == hash(Data(**dict(data)))
    with pytest.raises(TypeError):
        data["row"] = 8  # type: ignore[index]


def test_a_collector_counts_what_it_does_not_keep() -> None:
    collector = Collector(limit=1)
    for row in (4, 2):
        collector.add("counts.measure-unknown", "no.", Place("a.csv", row), measure="X")
    collector.take(refuse("files.empty", "is empty.").problems[0])
    with pytest.raises(Refused) as refused:
        collector.refuse_if_any()
    (kept,) = refused.value.problems
    assert (kept.code, dict(kept.data), refused.value.total) == ("counts.measure-unknown", {"measure": "X"}, 3)


def test_problems_travel_between_processes() -> None:
    told = warning("counts.passed-over", "3 rows.", Place("a.csv", 3), "See them.", rows=3, names=["a", "b"])
    refused = Refused([told, replace(told, code="files.empty")], 9)
    back = pickle.loads(pickle.dumps(refused))
    assert back.problems == refused.problems
    assert back.total == 9
    assert back.problems[0].data["names"] == ("a", "b")
    assert warned(SaidWarning.model_validate_json(encoded(kept_warning(told)))) == replace(told, place=None)


def _refuses(setup: str) -> Callable[[int], list[int]]:
    def work(job: int) -> list[int]:
        raise refuse("files.empty", "is empty.", Place(setup, job), "Export it.", job=job, names=["a"])

    return work


def test_a_worker_process_hands_on_the_code_and_the_data() -> None:
    with pytest.raises(Refused) as refused:
        list(shared_out(_refuses, "a.csv", [7, 7], 2, ""))
    (found,) = refused.value.problems
    assert found == error("files.empty", "is empty.", Place("a.csv", 7), "Export it.", job=7, names=["a"])


def test_warnings_stay_with_a_run_as_they_were(tmp_path: Path) -> None:
    more = f"{COUNTS.read_text(encoding='utf-8').rstrip()}\nA81001,NONE,NUMERATOR,4\n"
    (tmp_path / "counts.csv").write_text(more, encoding="utf-8")
    inputs = read_inputs(["qif-2024-25"], PRACTICES, tmp_path / "counts.csv", ignore_unknown=True)
    told = [one for one in inputs.warnings if one.code == "counts.passed-over"]
    assert [one.data["reason"] for one in told] == ["indicator NONE is not in qif-2024-25"]
    write_run(Run(inputs), tmp_path / "out")
    assert open_run(tmp_path / "out").inputs.warnings == inputs.warnings


def test_the_command_explains_codes() -> None:
    said = remit("problems", "[files.is-there-already]")
    assert said.status == 0
    assert "files.is-there-already" in said.out
    assert "--replace" in said.out
    every = json.loads(remit("problems", "--json").out)
    assert [one["code"] for one in every] == sorted(DECLARED)
    of_counts = json.loads(remit("problems", "counts", "--json").out)
    assert {one["code"].partition(".")[0] for one in of_counts} == {"counts"}
    assert_refused(remit("problems", "files.emptie"), "Did you mean files.empty", "[cli.code-unknown]")


def test_check_gives_a_program_the_codes_and_the_data(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("scheme: a\nversoin: '1'\n", encoding="utf-8")
    found = json.loads(remit("check", tmp_path / "a.yaml", "--format", "json").out)["problems"]
    unknown = next(one for one in found if one["code"] == "scheme.unknown-key")
    assert unknown["data"] == {"key": "versoin", "nearest": ["version"]}
    assert (unknown["level"], unknown["line"], unknown["column"]) == ("error", 2, 1)
