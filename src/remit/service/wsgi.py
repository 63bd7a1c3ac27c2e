"""What the web server runs."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from remit.service.serving.logs import say_failure
from remit.service.serving.parent import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "remit.service.settings")
if os.environ.get("REMIT_SUPERVISOR"):
    end_with_parent()
try:
    application = get_wsgi_application()
except Exception as failure:  # a line, and no traceback of the web server's
    say_failure(failure)
    raise SystemExit(1) from None
