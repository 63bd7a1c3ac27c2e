"""YAML with places: every value as text, every path with its line and column.

Values stay text (YAML would read `no` as false, `012` as ten and `0.10` as a float); the model types them.
Tags, anchors and several documents in a file are refused, and so is a key given twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from remit.core.problems import Collector, Place, refuse
from remit.files.tables import read_text

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover - PyYAML built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

_PLAIN = {
    f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp", "value", "seq", "map")
}

_UNSEEN = {"Cc", "Cf", "Cs", "Co"}
"""Unicode's control, format, surrogate and private characters."""

_DEEPEST = 100

Key = tuple[str | int, ...]
"""A path into a file: mapping keys and list positions."""


@dataclass
class Source:
    """A parsed file: its tree of dicts, lists and text, and where each path stands in it.

    Of one that is laid over another, `base` is that other, and `own` what it says itself.
    """

    name: str
    tree: dict[str, Any]
    places: dict[Key, Place] = field(default_factory=dict)
    key_places: dict[Key, Place] = field(default_factory=dict)
    base: Source | None = None
    own: Source | None = None
    _groups: dict[tuple[bool, int, int], dict[Key, list[Key]]] = field(default_factory=dict, init=False, compare=False)

    def under(self, path: Key, of_keys: bool = False) -> Iterable[Key]:
        """The paths at and below `path` whose places are known, in their order. They are grouped once: a file has
        thousands, and one that is laid over another asks for those of each part."""
        known = self.key_places if of_keys else self.places
        depth = len(path)
        if not depth:
            return known
        which = (of_keys, depth, len(known))
        if which not in self._groups:
            groups: dict[Key, list[Key]] = {}
            for one in known:
                if len(one) >= depth:
                    groups.setdefault(one[:depth], []).append(one)
            self._groups[which] = groups
        return self._groups[which].get(path, ())

    def place(self, path: Key) -> Place:
        """The nearest known place at or above `path`."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(self.name, 1, 1))

    def key_place(self, path: Key) -> Place:
        """Where the key itself stands, for a key that should not be there."""
        return self.key_places.get(path, self.place(path))


def read_source(path: Path) -> Source:
    """Read one YAML file. Raises Refused with every doubled key, or the place where the YAML breaks."""
    return parse_source(read_text(path), str(path))


def plain_values(path: Path) -> dict[str, str] | None:
    """The keys at the top of a file that have a plain value, with that; None where it is not one map in YAML.

    However they are spelt (quotes, comments, braces, line ends), and quickly: nothing below is read or checked.
    """
    try:
        root = yaml.compose(read_text(path), Loader=_Loader)
    except yaml.YAMLError:
        return None
    if not isinstance(root, yaml.MappingNode):
        return None
    pairs = ((key.value, value.value) for key, value in root.value if isinstance(value, yaml.ScalarNode))
    return {key: value for key, value in pairs if isinstance(key, str)}


def parse_source(text: str, name: str) -> Source:
    """As `read_source`, from text."""
    try:
        _check_depth(text, name)
        documents = list(yaml.compose_all(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)
        what = " ".join(part for part in (error.context, error.problem) if part)
        raise refuse(
            "scheme.not-yaml",
            f"is not well-formed YAML: {what}.",
            place,
            "Check indents, colons and quotes.",
            reason=what,
        ) from None
    except yaml.YAMLError as error:
        raise refuse(
            "scheme.not-yaml", f"is not well-formed YAML: {' '.join(str(error).split())}.", Place(name), reason=error
        ) from None
    documents = [node for node in documents if node is not None]
    if len(documents) > 1:
        raise refuse(
            "scheme.several-documents", "a file holds one document: remove the '---' between them.", Place(name)
        )
    source = Source(name, {})
    problems = Collector()
    reader = _Reader(source, problems)
    if not documents or not isinstance(documents[0], yaml.MappingNode):
        raise refuse(
            "scheme.no-keys", "expected keys and values, such as 'scheme: my-scheme-2024-25'.", Place(name, 1, 1)
        )
    try:
        source.tree = reader.read(documents[0], ())
    except RecursionError:
        raise refuse("scheme.too-deep", "is nested too deeply.", Place(name)) from None
    problems.refuse_if_any()
    return source


def _check_depth(text: str, name: str) -> None:
    """Refuse what is nested so deeply that composing it would exhaust the stack."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            depth += 1
            if depth > _DEEPEST:
                raise refuse(
                    "scheme.too-deep",
                    "is nested too deeply.",
                    Place(name, event.start_mark.line + 1 if event.start_mark else 0),
                )
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            depth -= 1


_Pair = tuple[yaml.Node, yaml.Node]


def _cut(before: yaml.Node, after: yaml.Node) -> bool:
    """Whether a plain text ends in the first digits of a number and the next begins with three more."""
    plain = all(isinstance(node, yaml.ScalarNode) and not node.style for node in (before, after))
    return (
        plain
        and before.end_mark.index + 1 == after.start_mark.index  # no space behind the comma
        and re.search(r"(?<![\d.])\d{1,3}(?:,\d{3})*$", before.value) is not None
        and re.match(r"\d{3}(?!\d)", after.value) is not None
    )


def _way_out(text: str) -> str:
    """What to write for a value that its comma has cut; a comma before one or two digits is a decimal point."""
    if re.fullmatch(r"[^\d\s]?\d+,\d{1,2}%?", text):
        return f"Write a point: {text.replace(',', '.')}."
    return f'Put it in quotes: "{text}".'


def _cut_text(before: yaml.Node, after: yaml.Node, value: yaml.Node) -> bool:
    """Whether a plain text goes on where a key should begin: it has no colon, and no key looks so.

    A kind of a PCA may look like a key: `{counts: PCA specific X, other}`.
    """
    plain = all(isinstance(node, yaml.ScalarNode) and not node.style for node in (before, after))
    no_colon = value.start_mark.index == after.end_mark.index
    return plain and no_colon and (before.value.startswith("PCA ") or not re.fullmatch(r"[a-z_]+", after.value))


class _Reader:
    def __init__(self, source: Source, problems: Collector) -> None:
        self.source = source
        self.problems = problems
        self.read_nodes: set[int] = set()

    def at(self, node: yaml.Node) -> Place:
        return Place(self.source.name, node.start_mark.line + 1, node.start_mark.column + 1)

    def read(self, node: yaml.Node, path: Key) -> Any:
        self.source.places[path] = self.at(node)
        if id(node) in self.read_nodes:
            self.problems.add(
                "scheme.alias", "an alias (*name) is not used in scheme files.", self.at(node), "Write it out."
            )
            return ""
        self.read_nodes.add(id(node))
        if node.tag not in _PLAIN:
            self.problems.add(
                "scheme.tag",
                f"the tag {node.tag} is not used in scheme files.",
                self.at(node),
                "Leave it out.",
                tag=node.tag,
            )
        if isinstance(node, yaml.ScalarNode):
            self._check_characters(node)
            return node.value
        if isinstance(node, yaml.SequenceNode):
            parts = self._whole(node, [(child, child) for child in node.value])
            return [self.read(child, (*path, n)) for n, (child, _) in enumerate(parts)]
        assert isinstance(node, yaml.MappingNode)
        return dict(self._pairs(node, path))

    def _check_characters(self, node: yaml.ScalarNode) -> None:
        """No character that cannot be seen: one could hide text, turn its direction, or break a page or a terminal."""
        if node.value.isprintable():
            return
        unseen = {c for c in node.value if c not in "\n\t" and unicodedata.category(c) in _UNSEEN}
        for c in sorted(unseen):
            name = unicodedata.name(c, "a control character" if unicodedata.category(c) == "Cc" else "").lower()
            what = f"the character U+{ord(c):04X}{f' ({name})' if name else ''} cannot be seen, and is not used here."
            self.problems.add(
                "scheme.unseen-character", what, self.at(node), "Take it out.", character=f"U+{ord(c):04X}"
            )

    def _whole(self, node: yaml.CollectionNode, parts: list[_Pair]) -> list[_Pair]:
        """The parts of `{…}` or `[…]`; a value that its comma has cut in two is one, and is refused.

        `{pays: £1,500}` is read as `£1`, and a key `500` without a value; `[£1,500]` as two; `{if: any of (A, B > 0)}`
        as a condition without its end, and a key `B > 0)`.
        """
        if not node.flow_style:
            return parts
        kept: list[_Pair] = []
        cut: dict[int, tuple[yaml.Node, str]] = {}
        for first, second in parts:
            before = kept[-1][1] if kept else None
            empty = first is second or (isinstance(second, yaml.ScalarNode) and not second.value)
            text = first is not second and before is not None and _cut_text(before, first, second)
            if before is not None and empty and (text or _cut(before, first)):
                gap = " " if first.start_mark.index > before.end_mark.index + 1 else ""
                before.value = f"{before.value},{gap}{first.value}"
                before.end_mark = first.end_mark  # the next part, where there is one
                cut[id(before)] = before, "{ }" if first is not second else "[ ]"
            else:
                kept.append((first, second))
        for one, braces in cut.values():
            self.problems.add(
                "scheme.comma-in-braces",
                f"'{one.value}': inside {braces} a comma ends a value.",
                self.at(one),
                _way_out(one.value),
                found=one.value,
            )
        return kept

    def _pairs(self, node: yaml.MappingNode, path: Key) -> Iterator[tuple[str, Any]]:
        first: dict[str, Place] = {}
        for key_node, value_node in self._whole(node, node.value):
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.add("scheme.key-not-plain", "expected a plain key.", self.at(key_node))
                continue
            self._check_characters(key_node)
            key = key_node.value
            if key in first:
                self.problems.add(
                    "scheme.key-twice",
                    f"the key '{key}' is listed twice.",
                    self.at(key_node),
                    f"It is first on line {first[key].line}.",
                    key=key,
                    line=first[key].line,
                )
                continue
            first[key] = self.at(key_node)
            self.source.key_places[(*path, key)] = self.at(key_node)
            yield key, self.read(value_node, (*path, key))
