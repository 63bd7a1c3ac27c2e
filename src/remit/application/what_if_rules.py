"""The rules of a what-if: overlay files and moved numbers on the schemes of a run, and the same as a file to keep."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from remit.core.problems import Place, Problem, Refused, did_you_mean, error, refuse

if TYPE_CHECKING:
    from remit.runs.engine import Run
    from remit.runs.what_if import WhatIfQuestion
    from remit.scheme.changes import Moved
    from remit.scheme.model import Scheme
    from remit.scheme.source import Source


@dataclass
class ChangedRules:
    """The schemes that are other ones, by their ids in the run; `trees` are the overlays of what is moved or retired,
    each on the scheme that it is laid over; `moved` are the numbers."""

    schemes: dict[str, Scheme] = field(default_factory=dict)
    trees: dict[str, tuple[Scheme, Mapping[str, Any]]] = field(default_factory=dict)
    moved: tuple[Moved, ...] = ()


def changed_rules(run: Run, question: WhatIfQuestion, overlays: Sequence[Path]) -> ChangedRules:
    """The schemes as the question has them. Raises Refused with everything that does not fit."""
    from remit.scheme.changes import Reform, laid_over, overlay

    found = ChangedRules(_with_overlays(run, overlays))
    now = {name: found.schemes.get(name, scheme) for name, scheme in run.inputs.schemes.items()}
    problems: list[Problem] = []
    moved: dict[Moved, None] = {}
    for name, scheme in now.items():
        try:
            made = overlay(scheme, Reform(question.moves, question.retired))
            if made.tree:
                found.schemes[name] = laid_over(scheme, made.tree)
                found.trees[name] = scheme, made.tree
                moved.update(dict.fromkeys(made.moved))
        except Refused as refused:
            problems += refused.problems
    if not problems:
        problems += _nothing_moves(now, question)
    if problems:
        raise Refused(dict.fromkeys(problems))
    found.moved = tuple(moved)
    return found


def with_codes(question: WhatIfQuestion, schemes: Iterable[Scheme]) -> WhatIfQuestion:
    """The question with the items' own codes, whichever spelling was used. Raises Refused with all that are unknown."""
    from remit.scoring.subjects import Subjects

    held = list(schemes)
    given = [*question.retired, *(code for move in question.moves for code in move.items)]
    given += [code for one in question.patients for code in one.items]
    spellings = [Subjects(scheme) for scheme in held]
    known = list(dict.fromkeys(item.item for scheme in held for item in scheme.items))
    found: dict[str, str] = {}
    problems = []
    for code in dict.fromkeys(given):
        item = code if code in known else next((c for one in spellings if (c := one.find(code)) in known), None)
        if item:
            found[code] = item
        else:
            what = f"there is no item '{code}' in {' or '.join(scheme.scheme for scheme in held)}."
            problems.append(error("runs.item-unknown", what, None, did_you_mean(code, known), item=code))
    if problems:
        raise Refused(problems)
    return replace(
        question,
        moves=tuple(replace(one, items=tuple(found[code] for code in one.items)) for one in question.moves),
        retired=tuple(found[code] for code in question.retired),
        patients=tuple(replace(one, items=tuple(found[code] for code in one.items)) for one in question.patients),
    )


def overlay_files(
    run: Run, folder: Path, rules: ChangedRules, overlays: Sequence[Path], path: Path, title: str
) -> dict[Path, str]:
    """The change of rules as scheme files, by path: one file, or one for each scheme that changes.

    Each extends the library's scheme, the overlay that was laid on it, or else the scheme that the run keeps.
    """
    from remit.scheme.changes import overlay_text

    if not rules.trees:
        what = "there is no change of rules to keep: "
        what += "it is that of the overlay alone." if overlays else "only patients are otherwise."
        raise refuse("comparison.nothing-to-keep", what, Place(str(path)), "Leave the file out.")
    files = {}
    for name, (scheme, tree) in rules.trees.items():
        one = path if len(rules.trees) == 1 else path.with_name(f"{path.stem}-{name}{path.suffix}")
        extends = _extended(scheme, name, run, folder, overlays, one)
        files[one] = overlay_text(f"{name}-what-if"[:60], f"{scheme.title}: {title}", extends, tree)
    return files


def _extended(scheme: Scheme, name: str, run: Run, folder: Path, overlays: Sequence[Path], path: Path) -> str:
    """What a file extends that is to mean a change of this scheme: an id, or a path from the file's own folder."""
    from remit.scheme import frozen_text, load_scheme, scheme_ids

    if scheme is run.inputs.schemes[name]:
        if name in scheme_ids() and frozen_text(load_scheme(name)) == frozen_text(scheme):
            return name
        return _from(folder / "inputs" / f"scheme-{name}.yaml", path)
    last = overlays[-1]
    try:
        same = frozen_text(load_scheme(last)) == frozen_text(scheme)
    except Refused:
        same = False
    if not same:
        what = "cannot be extended: by itself it is not the scheme that it is laid over here."
        raise refuse("comparison.overlay-not-whole", what, Place(str(last)), f"Let it say extends: {name}.")
    return _from(last, path)


def _from(target: Path, path: Path) -> str:
    return Path(os.path.relpath(target.resolve(), path.resolve().parent)).as_posix()


def _with_overlays(run: Run, overlays: Sequence[Path]) -> dict[str, Scheme]:
    """The schemes of the run that overlay files change, each file laid on those before it."""
    held = run.inputs.schemes
    found: dict[str, Scheme] = {}
    problems: list[Problem] = []
    for path in overlays:
        try:
            names, chain = _meant_for(path, tuple(held))
            found |= {name: _laid(found.get(name, held[name]), path, chain) for name in names}
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(dict.fromkeys(problems))
    return found


def _laid(scheme: Scheme, path: Path, chain: Sequence[Source]) -> Scheme:
    """A scheme with a file laid over it, or a whole scheme's file in its place; of a reform, what it says of rules."""
    from remit.scheme import load_scheme
    from remit.scheme.changes import laid_over
    from remit.scheme.reform_file import is_reform, load_reform

    if is_reform(chain[0]):
        after = load_reform(path, scheme).after
    elif _whole(chain[-1]):
        after = load_scheme(path)
    else:
        after = scheme
        for source in reversed(chain):
            after = laid_over(after, source)
    if after.year != scheme.year:
        what = f"is of {after.year}, and the run is of {scheme.year}."
        raise refuse("comparison.other-year", what, Place(str(path)), "Name an overlay of the run's year.")
    return after


def _meant_for(path: Path, names: tuple[str, ...]) -> tuple[tuple[str, ...], list[Source]]:
    """The schemes of the run that a file is for: the one that it extends, or all where it names none; with the file,
    and those between it and the run's scheme. Raises Refused for a file over another scheme.
    """
    from remit.scheme.loader import find
    from remit.scheme.source import read_source

    chain, at, seen = [read_source(path)], path, {path.resolve()}
    while isinstance(base := chain[-1].tree.get("of" if "reform" in chain[-1].tree else "extends"), str):
        if base in names:
            return (base,), chain
        at = find(base, at)
        if at.resolve() in seen:
            break
        seen.add(at.resolve())
        below = read_source(at)
        if below.tree.get("scheme") in names:
            return (str(below.tree["scheme"]),), chain
        chain.append(below)
    own = chain[-1].tree.get("scheme")
    if own in names:
        return (str(own),), chain
    if len(chain) == 1 and (own is None or len(names) == 1) and "extends" not in chain[0].tree:
        return names, chain
    over = str(chain[0].tree.get("extends") or chain[0].tree.get("of") or own)
    hint = did_you_mean(over, names) or f"Let it say extends: {names[0]}."
    what = f"is laid over '{over}', and the run is of {' and '.join(names)}."
    raise refuse("comparison.overlay-of-another", what, Place(str(path)), hint, extends=over)


def _whole(source: Source) -> bool:
    """Whether a file is a whole scheme by itself."""
    from remit.scheme.model import Scheme

    needed = {key for key, one in Scheme.model_fields.items() if one.is_required()}
    return "extends" not in source.tree and needed <= source.tree.keys()


def _nothing_moves(schemes: Mapping[str, Scheme], question: WhatIfQuestion) -> Iterable[Problem]:
    """What was to be moved on all items, where none has it."""
    from remit.scheme.changes import NAMES, levers

    kinds = [item.kind for scheme in schemes.values() for item in scheme.items]
    for move in question.moves:
        if not move.items and not any(move.lever in levers(kind) for kind in kinds):
            what = f"no item of {' or '.join(schemes)} has {NAMES[move.lever]}."
            yield error("scheme.nothing-to-move", what, None, "Name another change.", lever=move.lever)
