"""What is new of figures: the latest extract of each scheme, its day, and the provisional pounds that it comes to."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from remit.core import say
from remit.core.words import agreed
from remit.service.home import overviews, statements
from remit.service.home.reading import News
from remit.service.scope.scope import Scope


def of_statements(scope: Scope) -> Iterator[News]:
    """Of a practice its own pounds."""
    own = statements.standing().filter(practice__in=scope.own)
    for one in statements.newest_of_each(own):
        title = one.extract.scheme_version.title
        earned = "what is earned is not known yet" if one.pence is None else f"{say.money(one.pence)} earned so far"
        href = reverse("statement", args=[one.practice.code, one.extract_id])
        yield News(f"{one.practice.name}, {title}: {earned} (provisional)", one.day, href)


def of_overviews(scope: Scope) -> Iterator[News]:
    """Of whoever oversees practices what all that share their figures have earned."""
    for extract in overviews.newest_of_each(overviews.extracts()):
        yield _of_extract(overviews.shared_of(extract, scope))


def _of_extract(shared: overviews.Shared) -> News:
    extract, title = shared.extract, shared.extract.scheme_version.title
    href = reverse("overview", args=[extract.pk])
    if shared.assembled is None:
        return News(f"{title}: no practice shares its figures of that day with you", extract.day, href)
    of = f" of {shared.shared + len(shared.unshared):,}" if shared.unshared else ""
    who = f"{shared.shared:,}{of} {agreed('practice{|s}', shared.shared + len(shared.unshared))}"
    earned = f"{who} earned {shared.assembled.earned_so_far}"
    if shared.assembled.earned.value is None:
        earned = f"what {who} earned is not known yet"
    text = f"{title}: {earned} (provisional)"
    return News(text, extract.day, href)
