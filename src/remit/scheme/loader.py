"""From files to a `Scheme`: find, parse, lay over, type, resolve, check. All errors come together, with places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from remit.core.hashes import sha256_text
from remit.core.problems import Collector, Place, Problem, Refused, did_you_mean, nearest, refuse
from remit.scheme.checks import check
from remit.scheme.kinds import Strict
from remit.scheme.model import Group, Indicator, IndicatorFile, Item, Scheme, SourceDocument
from remit.scheme.source import Key, Source, parse_source, read_source

Model = TypeVar("Model", bound=Strict)
_MERGED_MAPPINGS = ("sources", "parameters", "obligations", "places")


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
            part = _typed(read_source(path), IndicatorFile)
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
            yield Problem(
                f"indicator {indicator.indicator} version {indicator.version} is defined twice.",
                Place(str(path)),
            )
    for group in part.groups:
        if group.group in groups:
            yield Problem(f"group {group.group} is defined twice.", Place(str(path)))


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
        raise refuse("there is no such scheme file.", Place(str(path)), did_you_mean(path.name, near))
    if reference in scheme_ids():
        return _folder("schemes") / f"{reference}.yaml"
    close = nearest(reference, scheme_ids())
    hint = f"Did you mean {' or '.join(close)}?" if close else "Run 'remit schemes' to see them, or name a file."
    raise refuse(f"there is no scheme '{reference}'.", None, hint)


def read_with_bases(path: Path, above: tuple[Path, ...] = ()) -> Source:
    """A scheme file laid over what it extends."""
    source = read_source(path)
    base = source.tree.get("extends")
    if not isinstance(base, str):
        return source
    place = source.place(("extends",))
    try:
        found = find(base, path)
    except Refused as refused:
        raise Refused([Problem(p.message, place, p.hint) for p in refused.problems]) from None
    if found.resolve() in {p.resolve() for p in (*above, path)}:
        raise refuse(f"'{base}' extends this file in turn.", place)
    return lay_over(read_with_bases(found, (*above, path)), source)


def lay_over(base: Source, over: Source) -> Source:
    """What `over` says, on what `base` says: items are replaced by their code or added, the rest key by key."""
    merged = Source(over.name, {})
    merged.places[()] = over.place(())
    for key, origin in [*((k, base) for k in base.tree), *((k, over) for k in over.tree)]:
        if key in ("items", "removed"):
            continue
        both = key in _MERGED_MAPPINGS and isinstance(base.tree.get(key), dict) and isinstance(over.tree.get(key), dict)
        if both and origin is over:
            merged.tree[key] = {**base.tree[key], **over.tree[key]}
        else:
            merged.tree[key] = origin.tree[key]
            if not both:
                _forget(merged, (key,))
        _copy_places(origin, (key,), merged, (key,))
    removed = over.tree.get("removed", [])
    entries: dict[str, tuple[Source, Key, Any]] = {}
    for origin in (base, over):
        for n, item in enumerate(origin.tree.get("items") or []):
            code = item.get("item", f"#{n}") if isinstance(item, dict) else f"#{n}"
            if origin is base and code in removed:
                continue
            entries[code if origin is base or code in entries else f"{code}\0{n}"] = (
                origin,
                ("items", n),
                item,
            )
    known = {item.get("item") for item in base.tree.get("items") or [] if isinstance(item, dict)}
    for n, code in enumerate(removed):
        if code not in known:
            hint = did_you_mean(code, [c for c in known if c])
            raise refuse(f"there is no item '{code}' to remove.", over.place(("removed", n)), hint)
    merged.tree["items"] = [item for _, _, item in entries.values()]
    merged.places[("items",)] = over.place(("items",))
    for n, (origin, path, _) in enumerate(entries.values()):
        _copy_places(origin, path, merged, ("items", n))
    return merged


def _forget(source: Source, path: Key) -> None:
    for places in (source.places, source.key_places):
        for known in [known for known in places if known[: len(path)] == path]:
            del places[known]


def _copy_places(origin: Source, path: Key, target: Source, new: Key) -> None:
    for places, into in ((origin.places, target.places), (origin.key_places, target.key_places)):
        for known, place in places.items():
            if known[: len(path)] == path:
                into[new + known[len(path) :]] = place


def build(source: Source) -> Scheme:
    """Type a source, bring in the indicators and groups that it uses, and check it all together."""
    raw = _typed(source, Scheme)
    known = library()
    problems = Collector(limit=200)
    scheme = _resolved(raw, known, source, problems)
    check(scheme, source, problems)
    problems.refuse_if_any()
    return scheme


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
                problems.add(f"there is no indicator '{code}'.", place, did_you_mean(code, [*own, *known.codes()]))
            elif not fit:
                problems.add(f"no version of {code} is in force in {raw.year}.", place)
            else:
                chosen[code] = fit[-1]
    used: dict[str, Group] = {}
    for code, indicator in chosen.items():
        group = groups.get(indicator.group) or known.groups.get(indicator.group)
        if group is None:
            names = [*groups, *known.groups]
            problems.add(
                f"indicator {code} is of group '{indicator.group}', which is not known.",
                source.place(("indicators",)),
                did_you_mean(indicator.group, names),
            )
        else:
            used[group.group] = group
    problems.refuse_if_any()
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
    if item.title or not item.indicators:
        return item
    return item.model_copy(update={"title": indicators[item.indicators[0]].title})


def frozen_text(scheme: Scheme) -> str:
    """The scheme as one self-contained file, with the indicators and groups that it uses: what a run keeps."""
    dump = scheme.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)
    for key in ("extends", "removed"):
        dump.pop(key, None)
    return yaml.safe_dump(dump, sort_keys=False, allow_unicode=True, width=110)


def scheme_hash(scheme: Scheme) -> str:
    """The SHA-256 of the frozen text."""
    return sha256_text(frozen_text(scheme))


def thaw(text: str, name: str) -> Scheme:
    """A scheme from its frozen text."""
    return build(parse_source(text, name))


def _typed(source: Source, model: type[Model]) -> Model:
    try:
        return model.model_validate(source.tree)
    except ValidationError as error:
        raise Refused(_problems(error, source, model)) from None


def _problems(error: ValidationError, source: Source, model: type[BaseModel]) -> list[Problem]:
    """Pydantic's errors in the words of the file's author, in the order of the file."""
    found: dict[tuple[Place, str], Problem] = {}
    for detail in error.errors():
        path = _path_in_file(source, detail["loc"])
        if path is None:
            continue
        kind, name = detail["type"], str(detail["loc"][-1]) if detail["loc"] else ""
        if kind == "extra_forbidden":
            place = source.key_place(path)
            problem = Problem(f"unknown key '{name}'.", place, did_you_mean(name, _keys(model, path[:-1])))
        elif kind == "missing":
            place = source.place(path)
            problem = Problem(f"the key '{name}' is missing.", place)
        else:
            place = source.place(path)
            problem = Problem(f"{'/'.join(map(str, path)) or 'the file'}: {_said(detail)}.", place)
        found.setdefault((problem.place or place, problem.message), problem)
    return sorted(found.values(), key=lambda p: (p.place.line, p.place.column) if p.place else (0, 0))


def _said(detail: Any) -> str:
    message = str(detail["msg"]).removeprefix("Value error, ")
    if detail["type"] == "literal_error":
        names = str(detail["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        near = nearest(str(detail["input"]), names, most=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        return f"'{detail['input']}' is none of {', '.join(names)}{hint}"
    if detail["type"] == "string_pattern_mismatch":
        return f"'{detail['input']}' has a form that a name here cannot have (letters, digits and hyphens)"
    if detail["type"].endswith("_type") or detail["type"] in ("model_type", "dict_type", "tuple_type"):
        wanted = {"string_type": "text", "tuple_type": "a list", "dict_type": "keys and values"}
        return f"expected {wanted.get(detail['type'], 'keys and values')}"
    return message[:1].lower() + message[1:].rstrip(".")


def _path_in_file(source: Source, loc: Iterable[int | str]) -> Key | None:
    """The error's path without the names that pydantic gives to the branches of a union.

    None where the error belongs to a branch that the file did not take.
    """
    path: Key = ()
    here: Any = source.tree
    for part in loc:
        if isinstance(here, dict) and isinstance(part, str):
            path = (*path, part)
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int):
            path = (*path, part)
            here = here[part] if part < len(here) else None
        elif isinstance(part, str) and here is not None and part.startswith("tuple") != isinstance(here, list):
            return None
    return path


def _keys(model: type[BaseModel], path: Key) -> list[str]:
    """The keys that a part of the file may have."""
    here: Any = model
    for part in path:
        if isinstance(part, int):
            continue
        field = next((f for n, f in here.model_fields.items() if part in (n, f.alias)), None)
        inner = _model_in(field.annotation) if field else None
        if inner is None:
            if field is not None:
                return []
            continue
        here = inner
    return [field.alias or name for name, field in here.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for m in map(_model_in, getattr(annotation, "__args__", ())) if m), None)
