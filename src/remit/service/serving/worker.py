"""A background worker's process: Django first, then the worker (`job_worker`)."""

from __future__ import annotations

import logging
import os
import secrets
import signal
from typing import Any

import django

from remit.service.serving import logs
from remit.service.serving.heartbeat import beat
from remit.service.serving.logs import event
from remit.service.serving.parent import end_with_parent


def main() -> None:
    """Work until a signal ends it."""
    logs.say_where_it_failed()
    end_with_parent()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "remit.service.settings")
    django.setup()
    from django.conf import settings

    from remit.service.serving.daily import watch
    from remit.service.serving.job_worker import Worker, put_back

    run, slot = os.environ.get("REMIT_SERVICE_RUN", "alone"), int(os.environ.get("REMIT_WORKER", "1"))
    options: dict[str, Any] = {
        "queue_names": ["*"],
        "excluded_queue_names": [],
        "interval": 0.5,
        "batch": False,
        "backend_name": "default",
        "startup_delay": False,
        "max_tasks": None,
        "worker_id": f"{run}.{slot}.{secrets.token_hex(4)}",
    }
    worker = Worker(**options)
    worker.stop_seconds = settings.DEPLOYMENT.stop_seconds
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, worker.shutdown)
    ready, given_up = put_back(run, slot)
    if ready or given_up:
        event("jobs-put-back", logging.WARNING, times=ready + given_up)
    beat(settings.DEPLOYMENT.data, slot)
    watch()
    event("worker-started", process=f"worker-{slot}")
    worker.run()


if __name__ == "__main__":
    main()
