"""A scheme's text that is in no file yet, as somebody edits it: all that is wrong with it, and what scheme it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from remit.application.progress import Cancelled, OnProgress, never, silent
from remit.core.dates import SchemeYear
from remit.core.problems import Place, Problem, Refused, did_you_mean, refuse
from remit.files.tables import text_of
from remit.runs.settings import check_settings, supplied
from remit.scheme import Scheme
from remit.scheme.advances import never_due
from remit.scheme.lint import lint
from remit.scheme.loader import build, find, parse_with_library, scheme_ids
from remit.scheme.numbers import statements
from remit.scheme.supply import open_inputs
from remit.scheme.template import Naming, new_text

__all__ = ["NewText", "Request", "Result", "evaluate", "new", "shipped", "text_of"]

SETTINGS = "settings"
"""The name of a place where the values that come beside the text are wrong."""


@dataclass(frozen=True)
class Request:
    """The bytes of a scheme, the name of its author's file, and the values of what it leaves open, by name."""

    content: bytes
    name: str
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What is wrong, and what a careful reader would ask; the text, where the bytes are one; the scheme with its
    settings, where nothing is wrong; and what a run will still ask for, as `name=example: what it is`.
    """

    errors: tuple[Problem, ...] = ()
    findings: tuple[Problem, ...] = ()
    text: str | None = None
    scheme: Scheme | None = None
    still_open: tuple[str, ...] = ()


def evaluate(request: Request, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> Result:
    """Check the text. Nothing is raised: each problem names the author's own file, and never another of the machine."""
    name = Path(request.name).name
    text = None
    try:
        text = text_of(request.content, name)
        source = parse_with_library(text, name)
        scheme = build(source)
        found = lint(scheme, source)
    except Refused as refused:
        return Result(tuple(_named(one, name) for one in refused.problems), (), text)
    findings = tuple(_named(one, name) for one in found)
    try:
        rest = dict(request.settings)
        scheme = supplied({scheme.scheme: scheme}, rest)[scheme.scheme]
        check_settings({scheme.scheme: scheme}, rest)
    except Refused as refused:
        return Result(tuple(replace(one, place=Place(SETTINGS)) for one in refused.problems), findings, text)
    return Result((), findings, text, scheme, _still_open(scheme, rest))


def _still_open(scheme: Scheme, settings: Mapping[str, str]) -> tuple[str, ...]:
    parameters = [
        f"{name}=…: {parameter.about}"
        for name, parameter in scheme.parameters.items()
        if parameter.default is None and name not in settings
    ]
    labels = {one.path: one.label for one in statements(scheme) if one.required}
    opens = (one for one in open_inputs(scheme) if one.path[:2] not in never_due(scheme))
    inputs = (f"{one.example}: {labels.get(one.path, one.about)}" for one in opens)
    return (*inputs, *parameters)


def _named(problem: Problem, name: str) -> Problem:
    """The problem at a place that its author knows: of a scheme that ships, the file's own name is enough."""
    if problem.place is None or problem.place.file == name:
        return problem
    return replace(problem, place=replace(problem.place, file=f"remit/{Path(problem.place.file).name}"))


def shipped(scheme_id: str) -> bytes:
    """The file of a scheme that ships, to begin with. Raises Refused where there is none of that id."""
    if scheme_id not in scheme_ids():
        hint = did_you_mean(scheme_id, scheme_ids())
        raise refuse("scheme.unknown", f"there is no scheme '{scheme_id}'.", None, hint, name=scheme_id)
    return find(scheme_id).read_bytes()


@dataclass(frozen=True)
class NewText:
    """What a new scheme is called, and the kind of payment that it begins with: the usual one where none is named."""

    scheme: str
    year: SchemeYear
    kind: str = ""
    title: str = ""
    commissioner: str = ""


def new(request: NewText) -> bytes:
    """A template's text. Raises Refused for a kind that there is not."""
    naming = Naming(request.scheme, request.year, request.title, request.commissioner)
    return new_text(naming, [request.kind] if request.kind else []).encode()
