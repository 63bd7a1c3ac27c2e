"""From files to a `Scheme`: find, parse, lay over, type, resolve, check. All errors come together, with places."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from remit.core.problems import Collector, Place, Problem, Refused, Suggestion, did_you_mean, error, nearest, refuse
from remit.files.hashes import sha256_text
from remit.scheme.checks import check, check_doubled
from remit.scheme.empty_lists import empty_lists, without_empty
from remit.scheme.faults import typed
from remit.scheme.model import Group, Indicator, IndicatorFile, Item, Scheme, SourceDocument
from remit.scheme.overlay import copy_places, in_the_overlay, lay_over
from remit.scheme.restated import check_restated
from remit.scheme.source import Source, parse_source, read_source


@dataclass(frozen=True)
class Library:
    """The indicators and register groups that ship with Remit."""

    indicators: tuple[Indicator, ...]
    groups: dict[str, Group]
    sources: dict[str, SourceDocument]

    def codes(self) -> list[str]:
        return sorted({indicator.indicator for indicator in self.indicators})


def _folder(name: str) -> Path:
    return Path(str(resources.files("remit") / "library" / name))


def scheme_ids() -> list[str]:
    """The ids of the schemes that ship, in alphabetical order."""
    return sorted(path.stem for path in _folder("schemes").glob("*.yaml"))


@lru_cache(maxsize=1)
def library() -> Library:
    """All indicator files that ship. Raises Refused when one of them is broken."""
    indicators: list[Indicator] = []
    groups: dict[str, Group] = {}
    sources: dict[str, SourceDocument] = {}
    problems: list[Problem] = []
    for path in sorted(_folder("indicators").glob("*.yaml")):
        try:
            part = typed(read_source(path), IndicatorFile)
        except Refused as refused:
            problems.extend(refused.problems)
            continue
        default = {"source": part.source, "standing": part.standing}
        problems.extend(_doubled(path, part, indicators, groups))
        for indicator in part.indicators:
            own = {name: value for name, value in default.items() if value and getattr(indicator, name) is None}
            indicators.append(indicator.model_copy(update=own))
        groups.update((group.group, group) for group in part.groups)
        sources.update(part.sources)
    if problems:
        raise Refused(problems)
    return Library(tuple(indicators), groups, sources)


def _doubled(
    path: Path, part: IndicatorFile, indicators: list[Indicator], groups: dict[str, Group]
) -> Iterable[Problem]:
    """A group given twice in the library, or an indicator's version."""
    known = {(i.indicator, i.version) for i in indicators}
    for indicator in part.indicators:
        if (indicator.indicator, indicator.version) in known:
            yield error(
                "scheme.defined-twice",
                f"indicator {indicator.indicator} version {indicator.version} is defined twice.",
                Place(str(path)),
                name=indicator.indicator,
                version=indicator.version,
            )
    for group in part.groups:
        if group.group in groups:
            yield error(
                "scheme.defined-twice", f"group {group.group} is defined twice.", Place(str(path)), name=group.group
            )


def read_indicators(path: Path) -> IndicatorFile:
    """One indicator file, checked by itself. Raises Refused with every error at its file, line and column."""
    source = read_source(path)
    part = typed(source, IndicatorFile)
    problems = Collector(limit=200)
    groups, documents = {group.group for group in part.groups}, set(part.sources)
    with suppress(Refused):  # where another file of the library is broken, it says so itself
        groups |= set(library().groups)
        documents |= set(library().sources)
    read: set[str] = set()
    every: list[Group | Indicator] = [*part.groups, *part.indicators]
    for one in every:
        if isinstance(one, Group):
            name, place = f"group {one.group}", source.place(("groups", part.groups.index(one)))
        else:
            name = f"indicator {one.indicator} version {one.version}"
            place = source.place(("indicators", part.indicators.index(one)))
            if one.group not in groups:
                problems.add(
                    "scheme.group-unknown",
                    f"the group '{one.group}' is not known.",
                    place,
                    partial(did_you_mean, one.group, groups),
                    name=one.group,
                )
        if name in read:
            problems.add("scheme.defined-twice", f"{name} is defined twice.", place, name=name)
        read.add(name)
        if one.source and one.source not in documents:
            hint = partial(did_you_mean, one.source, documents)
            problems.add(
                "scheme.source-unknown",
                f"the source '{one.source}' is not among the file's sources.",
                place,
                hint,
                source=one.source,
            )
    problems.refuse_if_any()
    return part


def load_scheme(reference: str | Path) -> Scheme:
    """A scheme by its id in the library, or from a file.

    Raises Refused with every error at its file, line and column; for an unknown id, with the nearest ids.
    """
    return _load(str(reference))


@lru_cache(maxsize=32)
def _load_cached(path: str, stamp: tuple[float, int]) -> Scheme:
    return build(read_with_bases(Path(path)))


def _load(reference: str) -> Scheme:
    path = find(reference)
    stat = path.stat()
    return _load_cached(str(path), (stat.st_mtime, stat.st_size))


def find(reference: str, beside: Path | None = None) -> Path:
    """The file of a scheme id or path. A path is looked for beside the file that names it, where one does."""
    if reference.endswith((".yaml", ".yml")) or "/" in reference or "\\" in reference:
        path = (beside.parent / reference) if beside and not Path(reference).is_absolute() else Path(reference)
        if path.is_file():
            return path
        near = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        raise refuse(
            "scheme.no-such-file",
            "there is no such scheme file.",
            Place(str(path)),
            did_you_mean(path.name, near),
            name=path.name,
        )
    if reference in scheme_ids():
        return _folder("schemes") / f"{reference}.yaml"
    close = nearest(reference, scheme_ids())
    own = next((f"{reference}{ending}" for ending in (".yaml", ".yml") if Path(f"{reference}{ending}").is_file()), "")
    hint = (
        f"A file is named with its ending: {own}."
        if own
        else Suggestion(f"Did you mean {' or '.join(close)}?", close)
        if close
        else "Give the id of one that ships, or a file."
    )
    raise refuse("scheme.unknown", f"there is no scheme '{reference}'.", None, hint, name=reference)


def read_with_bases(path: Path, above: tuple[Path, ...] = ()) -> Source:
    """A scheme file laid over what it extends."""
    source = read_source(path)
    base = source.tree.get("extends")
    if not isinstance(base, str):
        return source
    place = source.place(("extends",))
    try:
        base_path = find(base, path)
    except Refused as refused:
        raise Refused([replace(one, place=place) for one in refused.problems]) from None
    if base_path.resolve() in {p.resolve() for p in (*above, path)}:
        raise refuse("scheme.extends-in-a-circle", f"'{base}' extends this file in turn.", place, base=base)
    return check_restated(lay_over(read_with_bases(base_path, (*above, path)), source))


def parse_with_library(text: str, name: str) -> Source:
    """The text of a scheme that is in no file, laid over what it extends: a scheme that ships, by its id, and no file.

    Raises Refused for a reform too, and for a path: where such a text comes from, no file of this machine may be named.
    """
    source = parse_source(text, name)
    if "reform" in source.tree:
        hint = "Take the scheme that it makes, which 'remit show' writes as YAML."
        raise refuse("scheme.is-a-reform", "this is a reform, and not a scheme.", source.key_place(("reform",)), hint)
    base = source.tree.get("extends")
    if not isinstance(base, str):
        return source
    if base not in scheme_ids():
        close = nearest(base, scheme_ids())
        hint = Suggestion(f"Did you mean {' or '.join(close)}?", close) if close else "Write the scheme out whole."
        what = f"'{base}' is not the id of a scheme that ships with Remit, and here nothing else can be extended."
        raise refuse("scheme.extends-not-shipped", what, source.place(("extends",)), hint, base=base)
    return check_restated(lay_over(read_with_bases(find(base)), source))


def build(source: Source, kept: bool = False) -> Scheme:
    """Type a source, bring in the indicators and groups that it uses, and check it all together.

    What is wrong with a file that is laid over a sound one is said of that file, wherever the words stand. What a run
    has `kept` may have empty lists.
    """
    empty = () if kept else tuple(empty_lists(source))
    try:
        scheme = _built(source)
    except Refused as refused:
        problems = [*_by_author(refused.problems, source)]
        more = [one for one in empty if one.place not in {other.place for other in problems}]
        raise Refused(
            sorted([*problems, *more], key=lambda one: one.place or Place("")), refused.total + len(more)
        ) from None
    if empty:
        raise Refused(empty)
    return scheme


def _by_author(problems: Iterable[Problem], source: Source) -> Iterable[Problem]:
    """The problems, each in the file that its author can mend: what the base has by itself stays the base's."""
    if source.base is None:
        return problems
    try:
        build(source.base)
    except Refused as refused:
        before = {(one.code, one.message): one for one in refused.problems}
    else:
        before = {}
    problems_ = [before.get((one.code, one.message)) or in_the_overlay(one, source) for one in problems]
    return sorted(dict.fromkeys(problems_), key=lambda one: one.place or Place(""))


def _built(source: Source) -> Scheme:
    problems = Collector(limit=200)
    unread: frozenset[str] = frozenset()
    try:
        raw = typed(source, Scheme)
    except Refused as refused:
        source, unread = _readable(source)
        try:
            raw = typed(source, Scheme)
        except Refused:
            raise refused from None
        for problem in refused.problems:
            problems.take(problem)
    check_doubled(raw, source, problems)
    scheme = _resolved(raw, library(), source, problems)
    check(scheme, source, problems, unread)
    problems.refuse_if_any()
    return scheme


def _readable(source: Source) -> tuple[Source, frozenset[str]]:
    """The source without the items that cannot be read, so that the others are checked in the same breath.

    With it come the codes of those items. Sums are left out: they would not be the file's.
    """
    known = {*Scheme.model_fields} - {"items", "totals"}
    kept = Source(source.name, {key: value for key, value in source.tree.items() if key in known})
    for key in kept.tree:
        copy_places(source, (key,), kept, (key,))
    kept.places[()] = source.place(())
    items = source.tree.get("items")
    sound: list[object] = []
    unread: set[str] = set()
    for n, item in enumerate(items if isinstance(items, list) else []):
        try:
            Item.model_validate(item)
        except ValidationError:
            unread.add(str(item.get("item")) if isinstance(item, dict) else "")
        else:
            copy_places(source, ("items", n), kept, ("items", len(sound)))
            sound.append(item)
    kept.tree["items"] = sound
    return kept, frozenset(unread)


def _resolved(raw: Scheme, known: Library, source: Source, problems: Collector) -> Scheme:
    own = {indicator.indicator: indicator for indicator in raw.indicators}
    groups = {group.group: group for group in raw.groups}
    chosen: dict[str, Indicator] = dict(own)
    for n, item in enumerate(raw.items):
        for code in item.indicators:
            if code in chosen:
                continue
            versions = [i for i in known.indicators if i.indicator == code]
            fit = [i for i in versions if i.in_force(raw.achievement_date) or i.in_force(raw.year.start)]
            place = source.place(("items", n, "indicator"))
            if not versions:
                problems.add(
                    "scheme.indicator-unknown",
                    f"there is no indicator '{code}'.",
                    place,
                    partial(did_you_mean, code, [*own, *known.codes()]),
                    name=code,
                )
            elif not fit:
                problems.add(
                    "scheme.indicator-not-in-force",
                    f"no version of {code} is in force in {raw.year}.",
                    place,
                    name=code,
                    year=raw.year,
                )
            else:
                chosen[code] = max(fit, key=lambda one: one.effective_from or date.min)
    used: dict[str, Group] = {}
    for code, indicator in chosen.items():
        group = groups.get(indicator.group) or known.groups.get(indicator.group)
        if group is None:
            names = [*groups, *known.groups]
            problems.add(
                "scheme.group-unknown",
                f"indicator {code} is of group '{indicator.group}', which is not known.",
                source.place(("indicators",)),
                partial(did_you_mean, indicator.group, names),
                name=indicator.group,
                indicator=code,
            )
        else:
            used[group.group] = group
    cites = [*chosen.values(), *used.values()]
    named = {part.source for part in cites if part.source}
    documents = {key: known.sources[key] for key in sorted(named) if key in known.sources}
    return raw.model_copy(
        update={
            "indicators": tuple(chosen.values()),
            "groups": tuple(used.values()),
            "sources": {**documents, **raw.sources},
            "items": tuple(_titled(item, chosen) for item in raw.items),
        }
    )


def _titled(item: Item, indicators: dict[str, Indicator]) -> Item:
    if item.title or not item.indicators or item.indicators[0] not in indicators:
        return item
    return item.model_copy(update={"title": indicators[item.indicators[0]].title})


def frozen_text(scheme: Scheme) -> str:
    """The scheme as one self-contained file, with the indicators and groups that it uses: what a run keeps."""
    return yaml.safe_dump(plain_tree(scheme), sort_keys=False, allow_unicode=True, width=110)


def plain_tree(scheme: Scheme) -> dict[str, Any]:
    """The scheme key by key, as its frozen file has it: what is not set is left out."""
    dump: dict[str, Any] = scheme.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)
    for key in ("extends", "removed"):
        dump.pop(key, None)
    return without_empty(dump)


def scheme_hash(scheme: Scheme) -> str:
    """The SHA-256 of the frozen text."""
    return sha256_text(frozen_text(scheme))


def thaw(text: str, name: str) -> Scheme:
    """A scheme from its frozen text."""
    return build(parse_source(text, name), kept=True)
