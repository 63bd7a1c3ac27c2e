"""A reform file: read strictly, and turned into the overlay of the scheme that it changes.

The parts are laid on in this order: `change`, `stratify`, `protect`, then `thresholds`, `pence`, `points` and `retire`.
So a number can be moved in an item that `change` brings in. A plain scheme file is a reform too: one that `extends`
another, or a whole scheme to be set in the place of another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from remit.core.problems import Place, Problem, Refused, did_you_mean, error, refuse
from remit.scheme.changes import Moved, ProposedChange, Reform, laid_over, overlay, overlay_text
from remit.scheme.empty_lists import empty_lists
from remit.scheme.faults import typed
from remit.scheme.loader import build, find, load_scheme, read_with_bases
from remit.scheme.model import Scheme
from remit.scheme.overlay import copy_places, lay_over
from remit.scheme.reform_model import ALL_ITEMS, ReformFile, Stratification
from remit.scheme.source import Key, Source, parse_source, read_source
from remit.scheme.stratification import protection, stratified

_HEAD = ("scheme", "extends", "version", "title")
_NOT_HERE = {"scheme": "of", "extends": "of", "removed": "retire", "version": "", "title": "title"}


@dataclass(frozen=True)
class LoadedReform:
    """A reform with the scheme that it changes and the scheme that it makes.

    `tree` is the overlay: laid over `base` it is `after`. `whole` says that the file is a scheme of its own.
    """

    file: ReformFile
    path: Path
    base: Scheme
    after: Scheme
    tree: Mapping[str, Any] = field(default_factory=dict)
    moved: tuple[Moved, ...] = ()
    whole: bool = False

    @property
    def name(self) -> str:
        return self.file.reform

    @property
    def title(self) -> str:
        return self.file.title

    @property
    def stratified(self) -> Mapping[str, Stratification]:
        """The items that become several."""
        return self.file.stratify

    def with_tree(self, more: Mapping[str, Any]) -> LoadedReform:
        """The same reform with more laid over it."""
        tree = combined(self.tree, more)
        return replace(self, tree=tree, after=laid_over(self.after, more))

    def text(self, extends: str = "") -> str:
        """The overlay as a scheme file. Raises ValueError for a scheme of its own, which is kept as it is."""
        if self.whole:
            raise ValueError(f"{self.path} is a scheme of its own")
        name = f"{self.base.scheme}-{self.name}"[:60].rstrip("-")
        return overlay_text(name, f"{self.base.title}: {self.title}", extends or self.file.of, self.tree)


def is_reform(source: Source) -> bool:
    """Whether a file is a reform's, and not a scheme's."""
    return "reform" in source.tree


def load_reform(path: Path, base: Scheme | None = None) -> LoadedReform:
    """A reform from its file, on the scheme that it names, or on `base`: that scheme as a run keeps it.

    Raises Refused with every mistake at its file, line and column.
    """
    source = read_source(path)
    if not is_reform(source):
        return _plain(source, path, base)
    file = typed(source, ReformFile)
    if empty := tuple(empty_lists(source, apart=("change",))):
        raise Refused(empty)
    scheme = base or _base(source, file.of, path)
    _check_of(source, file, scheme)
    return _compiled(source, path, file, scheme)


def scheme_of(path: Path) -> Scheme:
    """The scheme that a reform makes, under an id and a title of its own: what its overlay file is loaded as."""
    reform = load_reform(path)
    overlay_source = parse_source(reform.text(), str(path))
    return build(lay_over(read_with_bases(find(reform.file.of, path)), overlay_source))


def combined(lower: Mapping[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    """One overlay that says what `lower` and then, laid over it, `upper` say."""
    if not lower or not upper:
        return dict(lower or upper)
    one, two = ({key: part for key, part in tree.items() if key != "removed"} for tree in (lower, upper))
    tree = lay_over(Source("", one), Source("", two)).tree
    removed = list(dict.fromkeys([*lower.get("removed", ()), *upper.get("removed", ())]))
    items = tree.pop("items", [])
    gone = {*upper.get("removed", ())}
    again = {one["item"] for one in upper.get("items", ())}
    items = [one for one in items if one.get("item") not in gone or one["item"] in again]
    return {**tree, **({"removed": removed} if removed else {}), **({"items": items} if items else {})}


def _plain(source: Source, path: Path, base: Scheme | None) -> LoadedReform:
    """A scheme file as a reform."""
    extends = source.tree.get("extends")
    whole = not isinstance(extends, str)
    if whole and base is None:
        what = "is a whole scheme, and says of no scheme that it changes it."
        raise refuse("scheme.reform-of-none", what, Place(str(path)), "Give the scheme that it is set beside.")
    if base is None or whole or extends != base.scheme:
        after = load_scheme(path)
    else:
        after = laid_over(base, source)
    before = base or load_scheme(find(str(extends), path))
    name = str(source.tree.get("scheme", path.stem))
    title = after.title if whole else str(source.tree.get("title", name))
    file = ReformFile(reform=name, title=title, of=before.scheme)
    tree = {} if whole else {key: part for key, part in source.tree.items() if key not in _HEAD}
    return LoadedReform(file, path, before, after, tree, whole=whole)


def _base(source: Source, of: str, path: Path) -> Scheme:
    try:
        return load_scheme(find(of, path))
    except Refused as refused:
        place = source.place(("of",))
        problems = [one if one.place and one.place.line else replace(one, place=place) for one in refused.problems]
        raise Refused(problems) from None


def _check_of(source: Source, file: ReformFile, scheme: Scheme) -> None:
    """That the file is of this scheme."""
    if file.of == scheme.scheme or file.of.endswith((".yaml", ".yml")):
        return
    what = f"the reform is of {file.of}, and the scheme is {scheme.scheme}."
    raise refuse("scheme.reform-of-another", what, source.place(("of",)), f"Write of: {scheme.scheme}.")


def _compiled(source: Source, path: Path, file: ReformFile, base: Scheme) -> LoadedReform:
    problems: list[Problem] = [*_not_here(source), *_conflicts(source, file)]
    after = base
    tree: dict[str, Any] = {}
    for key, part in (("change", _changed), ("stratify", stratified), ("protect", protection)):
        try:
            more = part(source, file, after)
            if more:
                after, tree = laid_over(after, more), combined(tree, _tree(more))
        except Refused as refused:
            problems += [one if one.place else replace(one, place=source.key_place((key,))) for one in refused.problems]
    problems += _unknown(source, file, after if not problems else base, bool(problems))
    if problems:
        raise Refused(sorted(dict.fromkeys(problems), key=lambda one: one.place or Place("")))
    reform = Reform(_moves(file), file.retire)
    try:
        last = overlay(after, reform)
        after = laid_over(after, last.tree) if last.tree else after
    except Refused as refused:
        placed = _placed(source, file, after, refused.problems)
        raise Refused(sorted(placed, key=lambda one: one.place or Place(""))) from None
    tree = combined(tree, last.tree)
    if "totals" in file.change:
        tree["totals"] = file.change["totals"]
        after = _with_totals(source, after, tree["totals"])
    return LoadedReform(file, path, base, after, tree, last.moved)


def _with_totals(source: Source, after: Scheme, totals: Any) -> Scheme:
    """The scheme with the sums that the reform states of it; they are checked last, when all is laid on."""
    try:
        return laid_over(after, {"totals": totals})
    except Refused as refused:
        place = source.key_place(("change", "totals"))
        raise Refused([replace(one, place=place) for one in refused.problems]) from None


def _tree(over: Mapping[str, Any] | Source) -> Mapping[str, Any]:
    return over.tree if isinstance(over, Source) else over


def _changed(source: Source, file: ReformFile, scheme: Scheme) -> Source | None:
    """What `change` says, with the places that it has in the reform file."""
    if not file.change:
        return None
    over = Source(source.name, dict(source.tree["change"]))
    copy_places(source, ("change",), over, ())
    for key in (*_NOT_HERE, "totals"):
        over.tree.pop(key, None)
    if "items" in over.tree:
        over.tree["totals"] = {}  # those that the scheme prints are of its own items
    return over


def _not_here(source: Source) -> list[Problem]:
    """Keys of a scheme file that a reform says in another place."""
    change = source.tree.get("change", {})
    found = []
    for key, instead in _NOT_HERE.items():
        if key in change:
            hint = f"Say it as '{instead}' of the reform." if instead else "Leave it out."
            what = f"'{key}' does not stand below 'change'."
            found.append(error("scheme.not-in-change", what, source.key_place(("change", key)), hint, key=key))
    return found


def _conflicts(source: Source, file: ReformFile) -> list[Problem]:
    """An item that is retired and changed in the same breath."""
    found = []
    for n, code in enumerate(file.retire):
        others = [str(lever) for lever, moves in file.moves().items() if code in moves]
        others += ["stratify"] if code in file.stratify else []
        others += ["retire"] if code in file.retire[:n] else []
        if others:
            what = f"{code} is retired, and named under {' and '.join(others)} too."
            place = source.place(("retire", n))
            found.append(error("scheme.reform-twice", what, place, "Leave it in one of them.", item=code))
    return found


def _named(file: ReformFile) -> list[tuple[Key, str]]:
    """Where an item is named, and which."""
    paths: list[tuple[Key, str]] = [(("retire", n), code) for n, code in enumerate(file.retire)]
    for lever, moves in file.moves().items():
        paths += [((lever, code), code) for code in moves if code != ALL_ITEMS]
    return paths


def _unknown(source: Source, file: ReformFile, scheme: Scheme, unsound: bool) -> list[Problem]:
    """Items that are named and are not there. Those that `change` would bring in count, though it is wrong."""
    known = [item.item for item in scheme.items]
    if unsound:
        items = file.change.get("items", [])
        known += [str(one.get("item")) for one in items if isinstance(one, dict)] if isinstance(items, list) else []
        known += [code for one in file.stratify.values() for code in one.into]
    found = []
    for path, code in _named(file):
        if code not in known:
            what = f"there is no item '{code}' in {scheme.scheme}."
            place = source.key_place(path) if path[0] != "retire" else source.place(path)
            found.append(error("scheme.item-unknown", what, place, did_you_mean(code, known), name=code))
    return found


def _moves(file: ReformFile) -> tuple[ProposedChange, ...]:
    """The moves, those of all items before those of one."""
    moves = []
    for lever, by_item in file.moves().items():
        ordered = sorted(by_item.items(), key=lambda pair: pair[0] != ALL_ITEMS)
        moves += [ProposedChange(lever, by, () if code == ALL_ITEMS else (code,)) for code, by in ordered]
    return tuple(moves)


def _placed(source: Source, file: ReformFile, scheme: Scheme, problems: tuple[Problem, ...]) -> list[Problem]:
    """What does not fit, each where the file says it: every move tried by itself."""
    found: dict[Problem, None] = {}
    for move in _moves(file):
        path: Key = (move.lever, move.items[0] if move.items else ALL_ITEMS)
        found.update(_tried(source.key_place(path), scheme, Reform((move,))))
    if file.retire:
        found.update(_tried(source.place(("retire",)), scheme, Reform((), file.retire)))
    return list(found) or [replace(one, place=one.place or Place(source.name)) for one in problems]


def _tried(place: Place, scheme: Scheme, reform: Reform) -> Mapping[Problem, None]:
    try:
        made = overlay(scheme, reform)
        if made.tree:
            laid_over(scheme, made.tree)
    except Refused as refused:
        return {replace(one, place=place): None for one in refused.problems}
    return {}
