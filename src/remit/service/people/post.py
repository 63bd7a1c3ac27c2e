"""E-mails: plain text, without anything of a patient, and only where the deployment has set up who carries them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from threading import Thread

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from remit.core import say
from remit.service import clock, rehearsal

_LOG = logging.getLogger("remit.service.post")
_under_way: list[Thread] = []


def is_set_up() -> bool:
    """Whether the deployment sends e-mails; where it does not, pages say how to go on without."""
    return bool(settings.DEPLOYMENT.email)


def send(to: str, subject: str, template: str, **values: object) -> None:
    """Send one, in the background: a page takes as long whether there is somebody to write to or not.

    What people typed stands on one line each: no name adds a paragraph to a letter of ours.
    """
    send_all(subject, template, [(to, values)])


def send_all(subject: str, template: str, letters: Iterable[tuple[str, Mapping[str, object]]]) -> None:
    """Send one to each of several people, one after the other in the background; `letters` have an address and what
    stands in it."""
    if not is_set_up():
        return
    messages = [_message(to, subject, template, values) for to, values in letters]
    thread = Thread(target=_send, args=(messages,), daemon=False)
    _under_way[:] = [one for one in _under_way if one.is_alive()]
    _under_way.append(thread)
    thread.start()


def deliver(to: str, subject: str, template: str, **values: object) -> None:
    """Send one at once, as a job does: it is sent, or could not be, when this is done."""
    if is_set_up():
        _send([_message(to, subject, template, values)])


def _message(to: str, subject: str, template: str, values: Mapping[str, object]) -> EmailMessage:
    text: str = render_to_string(f"email/{template}.txt", {name: _one_line(value) for name, value in values.items()})
    if day := clock.rehearsed():
        subject, text = f"Rehearsal: {subject}", f"{rehearsal.sentence(day)} Nothing in this letter is real.\n\n{text}"
    return EmailMessage(say.clean(subject), text, settings.DEPLOYMENT.email_from or None, [to])


def _one_line(value: object) -> object:
    if isinstance(value, list):
        return [_one_line(one) for one in value]
    return say.clean(value) if isinstance(value, str) else value


def wait() -> None:
    """Until every e-mail under way is sent."""
    for thread in _under_way:
        thread.join()


def _send(messages: list[EmailMessage]) -> None:
    for message in messages:
        try:
            message.send()
        except (OSError, ValueError):  # the mail server, or a header that it does not take
            _LOG.exception("an e-mail could not be sent: %s", message.subject)
