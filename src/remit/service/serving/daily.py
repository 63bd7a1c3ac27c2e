"""What is begun once a day: a thread of each worker looks whether it was; the database lets one of them begin it."""

from __future__ import annotations

import logging
import threading
import time

from django.db import DatabaseError, connection

from remit.service.offers.lapsing import lapse_everywhere
from remit.service.reminders.services import begin_day
from remit.service.serving.logs import event

_EVERY = 60


def watch() -> None:
    """Look every minute, until the process ends."""
    threading.Thread(target=_look, daemon=True).start()


def _look() -> None:
    while True:
        try:
            lapse_everywhere()
            begin_day()
        except DatabaseError as error:  # it is looked at again in a minute
            event("daily", logging.WARNING, error)
        finally:
            connection.close()
        time.sleep(_EVERY)
