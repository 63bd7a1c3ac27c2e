"""What can be wrong with a deployment of the service, or with what is asked of it.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "service",
    {
        "database-address": "The address of a database cannot be used. Write it as postgres://name:password@host/remit.",
        "not-installed": "The service's packages are not installed. Install Remit with its extra `service`.",
        "no-scope": "Rows of organisations were asked for without saying for whom. It is a fault of Remit: report it.",
    },
)
