"""A scheme file to begin with, for `remit new`: commented YAML that `remit check` accepts, with gaps to fill in.

The text is in `library/templates`: a file for each kind of payment, which names the parts that it shares with others
(`with: heads, indicator`), and the shared parts themselves. Several kinds make one file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from string import Template
from textwrap import fill
from typing import Any, cast, get_args

import yaml

from remit.core.dates import MONTHS, SchemeYear
from remit.core.problems import did_you_mean, refuse
from remit.scheme.agreements import Distributed
from remit.scheme.checks import CHANGE_RULES
from remit.scheme.kinds import Required
from remit.scheme.loader import find, load_scheme, read_with_bases
from remit.scheme.model import Item, Scheme
from remit.scheme.supply import EXAMPLES, Open, open_inputs
from remit.scheme.waiting import waits_for

FIRST = "steps"
LAST = "protection"
"""A floor stands after all that it covers."""
_SHARED = ("head", "example", "heads", "point", "indicator")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_RULES = {
    "joiner": ", ".join(CHANGE_RULES),
    "leaver": ", ".join(CHANGE_RULES),
    "merger": "successor",
    "distribution": ", ".join(get_args(Distributed)),
    "indicators": "their codes, as a list",
}


@dataclass(frozen=True)
class KindOfScheme:
    """A kind of scheme to begin with: its name, what it is about, the parts it shares, and its own lines."""

    name: str
    about: str
    parts: tuple[str, ...]
    body: str


@dataclass(frozen=True)
class Naming:
    """What a new file is called: its id, and its own name, year and payer."""

    scheme: str
    year: SchemeYear
    title: str = ""
    commissioner: str = ""
    file: str = ""

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.scheme):
            tidy = re.sub(r"[^a-z0-9]+", "-", self.scheme.lower()).strip("-")[:60]
            hint = f"Such as {tidy}." if tidy else ""
            raise refuse(
                "scheme.id-malformed",
                f"'{self.scheme}' is not an id: an id has small letters, digits and hyphens, at most 60.",
                None,
                hint,
                found=self.scheme,
            )

    def words(self) -> dict[str, str]:
        """What the templates' `$` names stand for."""
        year = self.year
        title = self.title or self.scheme.replace("-", " ").capitalize()
        return {
            "id": self.scheme,
            "title": scalar(title),
            "comment": " ".join(title.split()),
            "commissioner": scalar(self.commissioner or "FILL IN who pays"),
            "year": str(year),
            "before": str(year.before),
            "after": str(year.after),
            "months": f"{year.start.day} {MONTHS[year.start.month - 1]} to {year.end.day} {MONTHS[year.end.month - 1]}",
            "ends": year.end.isoformat(),
            "january": f"{year.begins}-01-01",
            "file": self.file or f"{self.scheme}.yaml",
        }


def scalar(text: str) -> str:
    """A text as YAML has it on one line, with quotes where it needs them."""
    return yaml.safe_dump(" ".join(text.split()), allow_unicode=True, width=10**6).removesuffix("\n...\n").strip()


@cache
def _text(name: str) -> str:
    path = Path(str(resources.files("remit") / "library" / "templates" / f"{name}.yaml"))
    return path.read_text(encoding="utf-8")


@cache
def kinds_of_scheme() -> dict[str, KindOfScheme]:
    """The kinds by name, the usual one first."""
    folder = Path(str(resources.files("remit") / "library" / "templates"))
    names = {path.stem for path in folder.glob("*.yaml")} - set(_SHARED)
    kinds = [_kind(name) for name in sorted(names, key=lambda n: (n != FIRST, n)) if not name.startswith("terms")]
    return {kind.name: kind for kind in kinds}


def _kind(name: str) -> KindOfScheme:
    about, parts, body = "", "", []
    for line in _text(name).splitlines():
        if line.startswith("# about: "):
            about = line.removeprefix("# about: ")
        elif line.startswith("# with: "):
            parts = line.removeprefix("# with: ")
        else:
            body.append(line)
    return KindOfScheme(name, about, tuple(part.strip() for part in parts.split(",") if part), "\n".join(body) + "\n")


def new_text(naming: Naming, names: Sequence[str] = ()) -> str:
    """The file of a new scheme of these kinds. Raises Refused for a kind that there is not."""
    known = kinds_of_scheme()
    chosen = []
    for name in dict.fromkeys(names or (FIRST,)):
        if name not in known:
            raise refuse(
                "scheme.kind-unknown", f"there is no kind '{name}'.", None, did_you_mean(name, known), name=name
            )
        chosen.append(known[name])
    chosen.sort(key=lambda kind: kind.name == LAST)
    parts = {part for kind in chosen for part in kind.parts}
    counted = [kind for kind in chosen if "indicator" in kind.parts]
    own: dict[str, str] = {}
    for kind in chosen:
        its_own = f"EX-{counted.index(kind) + 1}" if kind in counted else ""
        for key, lines in _by_key(kind.body.replace("EX-1", its_own)):
            above, _, below = lines.partition(f"{key}:\n")
            own[key] = own.get(key, f"{above}{key}:\n") + below
    items = own.pop("items")
    shared = [_text(part) for part in ("heads", "point") if part in parts]
    who = [_indicators(len(counted))] if counted else []
    body = "\n".join([*shared, *own.values(), terms_text(parts), *who, f"# What is paid, line by line.\n{items}"])
    example = _text("example") if "[example]" in body else ""
    return Template(f"{_text('head')}{example}source: contract\n\n{body}").substitute(naming.words())


def _indicators(count: int) -> str:
    """Whom the kinds count: each has an indicator of its own, so that no money is paid twice on one."""
    above, key, entry = _text("indicator").partition("indicators:\n")
    return above + key + "".join(entry.replace("EX-1", f"EX-{n}") for n in range(1, count + 1))


def _by_key(body: str) -> Iterator[tuple[str, str]]:
    """The lines of each key at the top of a text, with the comments above it."""
    lines: list[str] = []
    before: list[str] = []
    key = ""
    for line in body.splitlines(keepends=True):
        if match := re.match(r"([a-z_]+):", line):
            if key:
                yield key, "".join(lines)
            lines, key, before = [*before, line], match[1], []
        elif line.startswith("#"):
            before.append(line)
        else:
            lines.append(line)
    yield key, "".join(lines)


def terms_text(parts: set[str]) -> str:
    """When it is paid: by heads or blocks in advance where nothing in the file is paid by points, activity after it.

    What is known only later, as a blend is, has no advance of the full award beside it.
    """
    chosen = []
    if "blocks" in parts:
        chosen.append("terms-blocks")
    elif "heads" in parts and not parts & {"point", "later"}:
        chosen.append("terms-heads")
    if "activity" in parts:
        chosen.append("terms-activity")
    return "".join(_text(name) for name in ("terms", *chosen, "terms-rest"))


def overlay_text(naming: Naming, base: str, called: str = "", changed: Sequence[str] = ()) -> str:
    """A file laid over another scheme, with each thing that it leaves open as a line to fill in.

    `base` is the other scheme's id or file, `called` how the new file names it where that differs. A year other than
    the base's is written with its last day. What the `changed` items pay is copied, to be changed there.
    """
    scheme, tree = load_scheme(base), read_with_bases(find(base)).tree
    _check_items(scheme, changed)
    opens = [one for one in open_inputs(scheme) if not _in_a_gap(scheme, one)]
    marked: dict[str, str] = {}
    laid: dict[str, Any] = {}
    items: dict[int, Any] = {}
    for one in opens:
        mark = f"@@{len(marked)}@@"
        marked[mark] = _about(one)
        if one.path[0] == "items":
            n = int(one.path[1])
            item = tree["items"][n]
            _fill(_begun(items.setdefault(n, {"item": item["item"]}), item, one.path[2:]), one.path[2:], one, mark)
        else:
            if one.path[0] not in ("terms", "weights"):  # laid over as a whole
                laid.setdefault(str(one.path[0]), _copy(tree.get(str(one.path[0]), {})))
            _fill(laid, one.path, one, mark)
    if naming.year != scheme.year and scheme.point and not scheme.point.value.required:
        mark = f"@@{len(marked)}@@"
        marked[mark] = f"such as £200.00 [contract]; {scheme.year} had {scheme.point.value}"
        laid["point"] = {"value": f"required [contract] {mark}"}
    for n, item in enumerate(scheme.items if naming.year != scheme.year else ()):
        if isinstance(item.indicator, tuple):
            mark = f"@@{len(marked)}@@"
            marked[mark] = f"which holds in {naming.year}; {scheme.year} had {' and then '.join(item.indicators)}"
            items.setdefault(n, {"item": item.item})["indicator"] = f"{item.indicators[-1]} {mark}"
    for n, item in enumerate(scheme.items):
        if item.item in changed:
            pays = _copy(tree["items"][n]["pays"])
            mark = f"@@{len(marked)}@@"
            marked[mark] = "what is to differ below; the rest of the item stays"
            items[n] = {"item": item.item, "source": f"contract {mark}", **items.get(n, {}), "pays": pays}
    words = naming.words()
    comments = list(_waiting(scheme))
    head = [
        fill(f"# {words['comment']}: {scheme.title}, with what it leaves open.", 118, subsequent_indent="# "),
        "#",
        "# This file holds only what differs from the other. Put the number, date or rule in the place of `required`;",
        "# what you do not have yet may stay, and `remit run` names what is still missing.",
        *(
            ["#", "# A run must be given these too, by name, or they are given here under `parameters`:", *comments]
            if comments
            else []
        ),
        f"scheme: {words['id']}",
        f"extends: {scalar(called or base)}",
        'version: "1"',
        f"title: {words['title']}",
        *([f"commissioner: {words['commissioner']}"] if naming.commissioner else []),
        *([] if naming.year == scheme.year else [f"year: {words['year']}", f"achievement_date: {words['ends']}"]),
    ]
    cited = "point" in laid or bool(changed) or any(one.unit in EXAMPLES for one in opens)
    parts = ["\n".join(head) + "\n"]
    if cited:
        parts.append(
            "sources:\n  contract:\n    title: FILL IN the document, its version and its page\n"
            "    standing: unverified # write `verified` once somebody has compared this file with the document\n"
        )
    if laid:
        parts.append(_yaml(laid))
    shown = "" if changed else "".join(f"{line}\n" for line in _shown_by_example(tree["items"], bool(items)))
    parts += [shown] if shown else []
    gaps = "".join(f"{line}\n" for line in _gaps(scheme.items))
    parts += [gaps] if gaps else []
    if items:
        parts.append("items:\n" + _indented(_yaml([items[n] for n in sorted(items)])))
    text = "\n".join(parts)
    for mark, about in marked.items():
        text = re.sub(rf" ?{mark}'?(?=\n|$)", f" # FILL IN {about}", text)
    return text


def _check_items(scheme: Scheme, codes: Sequence[str]) -> None:
    known = [item.item for item in scheme.items]
    for code in codes:
        if code not in known:
            what = f"there is no item '{code}' in {scheme.scheme}."
            raise refuse("scheme.item-unknown", what, None, did_you_mean(code, known), item=code, scheme=scheme.scheme)


def _in_a_gap(scheme: Scheme, one: Open) -> bool:
    """Whether it is the size of a part that pays nothing until its lines are there."""
    return one.path[0] == "items" and isinstance(scheme.items[int(one.path[1])].kind, Required)


def _about(one: Open) -> str:
    if one.unit in EXAMPLES:
        return f"such as {EXAMPLES[one.unit]} [contract]"
    if one.such_as:
        return f"such as {one.such_as}"
    return _RULES.get(str(one.path[-1]), {"date": "a date, such as 2026-06-30", "year": "a year"}.get(one.unit, ""))


def _fill(tree: Any, path: Sequence[str | int], one: Open, mark: str) -> None:
    """Put `required`, with its mark, at a path, making what lies on the way."""
    for part in path[:-1]:
        tree = tree.setdefault(part, {}) if isinstance(tree, dict) else tree[int(part)]
    last = path[-1]
    if isinstance(tree, list):
        last = int(last)
    value = tree.get(last) if isinstance(tree, dict) else tree[int(last)]
    text = f"required [contract] {mark}" if one.unit in EXAMPLES else f"required {mark}"
    if isinstance(value, dict):
        tree[last] = {**{k: v for k, v in value.items() if k == "note"}, "value": text}
    else:
        tree[last] = text


def _begun(item: dict[str, Any], source: Any, path: Sequence[str | int]) -> dict[str, Any]:
    """The item with what the other file has at a path, as far as it is laid over as a whole: a list of steps, say."""
    depth = 3 if path[0] in ("pays", "guard") else 1
    into, whole = cast(Any, item), source
    for part in path[: depth - 1]:
        into, whole = into.setdefault(part, {}), whole[part]
    last = path[:depth][-1]
    if isinstance(whole, dict) and isinstance(whole.get(last), dict | list):
        into.setdefault(last, _copy(whole[last]))
    return item


_TELLING = ("upper", "steps", "tables", "tariff", "points", "pays")
"""What an example changes of an item, by the first that it has."""


def _shown_by_example(items: Sequence[Any], more: bool) -> Iterator[str]:
    """How to change one thing of an item, as comments: the first of the other file's that shows it."""
    for item in items:
        pays = item.get("pays")
        kind = next(iter(pays)) if isinstance(pays, dict) else ""
        key = next((k for k in _TELLING if isinstance(pays[kind], dict) and k in pays[kind]), "") if kind else ""
        if not key or "required" in str(pays[kind][key]):
            continue
        rest = [k for k in (*item, *pays[kind]) if k not in ("item", "pays", key)]
        yield "# To change one thing of an item of the other file, name the item and what changes."
        yield fill(
            f"The rest of it ({', '.join(rest)}) stays. Such as:", 118, initial_indent="# ", subsequent_indent="# "
        )
        yield from () if more else ("# items:",)
        yield f"#   - item: {scalar(item['item'])}"
        changed = yaml.safe_dump(
            {kind: {key: pays[kind][key]}}, default_flow_style=True, allow_unicode=True, width=10**6
        )
        yield f"#     pays: {changed.strip()}"
        return


def _gaps(items: Sequence[Item]) -> Iterator[str]:
    """What takes the place of parts that the other file only sizes: as comments, since the lines are examples."""
    sized = [(item, item.kind) for item in items if isinstance(item.kind, Required)]
    if not sized:
        return
    yield "# Parts that the other file names without their lines:"
    for item, kind in sized:
        worth = f" ({kind.words().partition(';')[0]})" if kind.most_earned() is not None else ""
        about = f"{item.item}, {' '.join(item.title.split())}{worth}: {' '.join(kind.supply.split())}."
        yield fill(about, 118, initial_indent="# - ", subsequent_indent="#   ")
    yield "# To supply them, remove them and add their lines to the items, such as:"
    yield f"# removed: [{', '.join(item.item for item, _ in sized)}]"
    yield "# totals: {} # and the totals anew, where they are printed"
    first, kind = sized[0]
    yield "#   - item: FILL-IN"
    yield from ([f"#     domain: {scalar(first.domain)}"] if first.domain else [])
    yield "#     indicator: HYP008"
    yield "#     measure: achievement"
    yield f"#     pays: {_example(kind)}"


def _example(kind: Required) -> str:
    if kind.unit == "points":
        return "{linear: {points: 12, lower: 40%, upper: 90%}}"
    return "{steps: {steps: [above 40% pays 20p], most: 20p}}"


def _waiting(scheme: Scheme) -> Iterator[str]:
    """The parameters without a default, with what waits for them."""
    for name, parameter in scheme.parameters.items():
        if parameter.default is None:
            waiting = " and ".join(waits_for(scheme, name))
            yield f"#   {name}=…  ({waiting or ' '.join(parameter.about.split())})"


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(part) for key, part in value.items()}
    return [_copy(part) for part in value] if isinstance(value, list) else value


def _yaml(value: Any) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=110)


def _indented(text: str) -> str:
    return "".join(f"  {line}" if line.strip() else line for line in text.splitlines(keepends=True))
