"""What can be wrong with a deployment of the service, or with what is asked of it.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "service",
    {
        "database-address": "The address of a database cannot be used. Write it as postgres://name:password@host/remit.",
        "duties-apart": "One person may not have both duties. Somebody else has to do this.",
        "people": "A change of people or roles is not allowed, or does not fit. The message says why.",
        "invitation": "An invitation cannot be used: it expired, was used or was taken back. Ask for a new one.",
        "not-installed": "The service's packages are not installed. Install Remit with its extra `service`.",
        "audit-anchor": "An anchor of the audit log cannot be read. Give it as 'remit audit verify' printed it.",
        "patient-in-audit": "What goes into the audit log holds an NHS number. Say it without the number.",
        "no-scope": "Rows of organisations were asked for without saying for whom. It is a fault of Remit: report it.",
        "scheme-changed": "The bytes of a version are not those that were saved. Restore the newest backup.",
        "scheme-other-id": "A file has another id than the scheme that it is a version of. Correct its id.",
        "scheme-step": "A version of a scheme cannot go this step now. The message says why.",
        "scheme-too-large": "The file is longer than a scheme can be. Choose the right file.",
    },
)
