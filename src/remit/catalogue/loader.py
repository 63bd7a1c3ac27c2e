"""From a file to a `Catalogue`: find, read, type and check. All errors come together, with their places."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from importlib import resources
from pathlib import Path

from remit.catalogue.model import Catalogue, Service
from remit.core.problems import Collector, Place, did_you_mean, refuse
from remit.scheme.faults import typed
from remit.scheme.source import Source, read_source


def shipped(folder: str) -> dict[str, Path]:
    """The files of a folder of the library, by their ids in alphabetical order."""
    there = Path(str(resources.files("remit") / "library" / folder))
    return {path.stem: path for path in sorted(there.glob("*.yaml"))}


def catalogue_ids() -> list[str]:
    """The ids of the catalogues that ship, in alphabetical order."""
    return list(shipped("catalogues"))


def load_catalogue(reference: str | Path) -> Catalogue:
    """A catalogue by its id or its commissioner's name in the library, or from a file.

    Raises Refused with every error at its file, line and column; for an unknown name, with the nearest names.
    """
    return read_catalogue(find(str(reference)))


def find(reference: str, beside: Path | None = None) -> Path:
    """The file of an id, of a commissioner's name or of a path; a path may be beside the file that names it."""
    if reference.endswith((".yaml", ".yml")) or "/" in reference:
        return beside.parent / reference if beside else Path(reference)
    files = shipped("catalogues")
    if reference in files:
        return files[reference]
    names: dict[str, tuple[str, Path]] = {}
    for path in files.values():
        catalogue = read_catalogue(path)
        names |= {folded(n): (n, path) for n in (catalogue.catalogue, catalogue.commissioner, *catalogue.aliases)}
    if folded(reference) in names:
        return names[folded(reference)][1]
    hint = did_you_mean(reference, [name for name, _ in names.values()])
    raise refuse("catalogue.unknown", f"there is no catalogue '{reference}'.", None, hint, name=reference)


def folded(name: str) -> str:
    """A name without its capitals and marks, so that `stoke on trent` finds `Stoke-on-Trent`."""
    return " ".join("".join(c if c.isalnum() else " " for c in name.casefold()).split())


def read_catalogue(path: Path) -> Catalogue:
    """One catalogue file. Raises Refused with every error."""
    return build(read_source(path))


def build(source: Source) -> Catalogue:
    """A catalogue from its parsed file, checked. Raises Refused with every error."""
    catalogue = typed(source, Catalogue)
    problems = Collector(limit=200)
    if catalogue.source is not None:
        _check_source(catalogue.source, catalogue, source.place(("source",)), problems)
    first: dict[str, int] = {}
    for n, service in enumerate(catalogue.services):
        at = ("services", n)
        for key in ("service", "title"):
            name = f"{key} {folded(getattr(service, key))}"
            line = first.setdefault(name, source.place((*at, key)).line)
            if line != source.place((*at, key)).line:
                what = f"the {key} '{getattr(service, key)}' is listed twice."
                problems.add(
                    "catalogue.service-twice",
                    what,
                    source.place((*at, key)),
                    f"It is first on line {line}.",
                    key=key,
                    name=getattr(service, key),
                    line=line,
                )
        if service.kind not in catalogue.kinds:
            hint = did_you_mean(service.kind, catalogue.kinds)
            what = f"the kind '{service.kind}' is not known."
            problems.add(
                "catalogue.kind-unknown",
                what,
                source.place((*at, "kind")),
                f"{hint} List a new one under further_kinds.".strip(),
                name=service.kind,
                nearest=hint.names,
            )
        for m in (m for m, level in enumerate(service.levels) if level in service.levels[:m]):
            problems.add(
                "catalogue.level-twice",
                f"the level '{service.levels[m]}' is listed twice.",
                source.place((*at, "levels", m)),
                name=service.levels[m],
            )
        if service.source is not None:
            _check_source(service.source, catalogue, source.place((*at, "source")), problems)
    problems.refuse_if_any()
    return catalogue


def narrowed(catalogue: Catalogue, services: Sequence[str] = (), kinds: Sequence[str] = ()) -> Catalogue:
    """The catalogue with only these services (by id or title) and kinds; with nothing named, all of it.

    Raises Refused for a name that it does not have, with the nearest, and where nothing is left.
    """
    names = {folded(name): s.service for s in catalogue.services for name in (s.title, s.service)}
    for name in services:
        if folded(name) not in names:
            every = [n for s in catalogue.services for n in (s.service, s.title)]
            hint = did_you_mean(name, every) or f"There are: {', '.join(s.service for s in catalogue.services)}."
            raise refuse(
                "catalogue.service-unknown", f"there is no service '{name}' in the catalogue.", None, hint, name=name
            )
    for kind in kinds:
        if folded(kind) not in map(folded, catalogue.kinds):
            raise refuse(
                "catalogue.kind-unknown",
                f"there is no kind '{kind}'.",
                None,
                did_you_mean(kind, catalogue.kinds),
                name=kind,
            )
    wanted, of_kind = {names[folded(name)] for name in services}, set(map(folded, kinds))
    left = tuple(
        s
        for s in catalogue.services
        if (not wanted or s.service in wanted) and (not of_kind or folded(s.kind) in of_kind)
    )
    if not left:
        what = " or ".join(kinds)
        has = dict.fromkeys(s.kind for s in catalogue.services)
        raise refuse(
            "catalogue.nothing-left",
            f"no such service is of the kind {what}.",
            None,
            f"The catalogue has: {', '.join(has)}.",
            kinds=kinds,
            has=has,
        )
    return with_services(catalogue, left)


def with_services(catalogue: Catalogue, services: Sequence[Service]) -> Catalogue:
    """The catalogue with these services only; what it says of the whole is left out where it is not whole."""
    whole = len(services) == len(catalogue.services)
    return catalogue.model_copy(update={"services": tuple(services), "about": catalogue.about if whole else ""})


def _check_source(name: str, catalogue: Catalogue, place: Place, problems: Collector) -> None:
    if name not in catalogue.sources:
        hint = partial(did_you_mean, name, catalogue.sources)
        problems.add(
            "catalogue.source-unknown",
            f"the source '{name}' is not among the file's sources.",
            place,
            hint,
            source=name,
        )
