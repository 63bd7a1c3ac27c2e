"""What waits of schemes for whoever writes, approves or publishes them, and which were published of late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from remit.service import clock
from remit.service.home.reading import News, Task
from remit.service.register import reading
from remit.service.register.models import SchemeVersion
from remit.service.register.states import OPEN, State, Step, possible
from remit.service.scope.scope import Scope

_WAITS = {
    Step.SUBMIT: "Finish the draft of {version}, or withdraw it",
    Step.APPROVE: "Approve {version}, or send it back",
    Step.PUBLISH: "Publish {version}: it is approved",
}
"""What a version waits for, by the step that takes it on."""
_OF_LATE = timedelta(days=60)


def waiting(scope: Scope) -> Iterator[Task]:
    """The versions that the person can take on: who wrote one is not asked to approve it."""
    versions = list(reading.versions().filter(state__in=[state.value for state in OPEN]))
    written = reading.written_by(scope.person, versions)
    for version in versions:
        is_author = version.pk in written
        steps = possible(State(version.state), reading.may_do(version.organisation_id), is_author)
        words = next((words for step, words in _WAITS.items() if step in steps), "")
        if words:
            yield Task(words.format(version=_name(version)), _address(version))


def published(scope: Scope) -> Iterator[News]:
    """The versions that were published in the last weeks."""
    since = clock.now() - _OF_LATE
    for version in reading.versions().filter(state=State.PUBLISHED.value, changed_at__gte=since):
        yield News(f"{_name(version)} is published", timezone.localdate(version.changed_at), _address(version))


def _name(version: SchemeVersion) -> str:
    return f"{version.title or version.scheme_id}, version {version.version}"


def _address(version: SchemeVersion) -> str:
    return reverse("scheme", args=[version.organisation.code, version.scheme_id, version.version])
