"""The addresses of pages of other parts that the pages of the year lead to."""

from __future__ import annotations

from django.urls import reverse


def address(name: str, *args: object) -> str:
    """The address of a page by its name; nothing where what it needs is not known."""
    return "" if any(one in ("", None) for one in args) else reverse(name, args=list(args))
