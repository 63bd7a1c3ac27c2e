"""What the check finds in a text, and its card: each calculated once for the same bytes and settings."""

from __future__ import annotations

from functools import lru_cache

from remit.application.difference import between
from remit.application.scheme_text import Request, Result, evaluate, shipped
from remit.application.show import card_of
from remit.core.problems import Place, Refused, error
from remit.documents.render.html import Fragment, fragment
from remit.documents.scheme_card import card
from remit.documents.scheme_difference import difference
from remit.scheme.years import need_april
from remit.service.register.models import SchemeVersion
from remit.service.register.text import LARGEST

Settings = tuple[tuple[str, str], ...]


def checked(content: bytes, name: str, settings: dict[str, str], scheme_id: str = "") -> Result:
    """What is wrong with a text, what a careful reader would ask, and the scheme; another id than its own is wrong."""
    return _checked(content, name, tuple(settings.items()), scheme_id)


def of_version(version: SchemeVersion) -> Result:
    """The check of a version as it stands."""
    return checked(bytes(version.content), version.file_name, version.settings, version.scheme_id)


@lru_cache(maxsize=64)
def _checked(content: bytes, name: str, settings: Settings, scheme_id: str) -> Result:
    if len(content) > LARGEST:
        what = f"the file has {len(content):,} bytes; a scheme has {LARGEST:,} at most."
        return Result((error("service.scheme-too-large", what, Place(name)),))
    result = evaluate(Request(content, name, dict(settings)))
    if result.scheme is not None and scheme_id and result.scheme.scheme != scheme_id:
        what = f"the file says scheme: {result.scheme.scheme}, and this is a version of {scheme_id}."
        hint = f"Write scheme: {scheme_id}."
        place = _place_of("scheme:", result, name)
        wrong = error("service.scheme-other-id", what, place, hint, found=result.scheme.scheme)
        return Result((wrong,), result.findings, result.text)
    if result.scheme is not None:
        try:
            need_april([result.scheme], "the service takes a scheme", _place_of("year:", result, name))
        except Refused as refused:
            return Result(refused.problems, result.findings, result.text)
    return result


def _place_of(key: str, result: Result, name: str) -> Place:
    """Where a text has a key at its top; its first line, where another file that it rests on has it."""
    lines = enumerate((result.text or "").splitlines(), 1)
    return Place(name, next((n for n, line in lines if line.startswith(key)), 1), 1)


def card_fragment(version: SchemeVersion) -> Fragment | None:
    """The card of a version as part of a page; None where its text has errors."""
    return _card(bytes(version.content), version.file_name, tuple(version.settings.items()), version.scheme_id)


@lru_cache(maxsize=64)
def _card(content: bytes, name: str, settings: Settings, scheme_id: str) -> Fragment | None:
    scheme = _checked(content, name, settings, scheme_id).scheme
    return None if scheme is None else fragment(card(card_of(scheme)))


def difference_fragment(before: Result, after: Result, names: tuple[str, str]) -> Fragment | None:
    """How two texts of these names differ, in words; None where one of them has errors."""
    if before.scheme is None or after.scheme is None:
        return None
    return fragment(difference(between(before.scheme, after.scheme), names))


def of_shipped(scheme_id: str) -> Result:
    """The check of a scheme that ships."""
    return checked(shipped(scheme_id), f"{scheme_id}.yaml", {})
