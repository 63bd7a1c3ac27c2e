"""What can be wrong with a deployment of the service, or with what is asked of it.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "service",
    {
        "backup-damaged": "The file is damaged, cut off, or not a backup of Remit. Nothing was changed. Use another.",
        "backup-form": "The backup is of a form or a version that this Remit does not read. Use the version it names.",
        "backup-no-room": "The backup does not fit on the disk of the data folder. Make room.",
        "database-failed": "The database refused something, for a reason that its own log says. Nothing was changed.",
        "database-in-use": "Another `remit serve` works with this database. End it first.",
        "database-role": (
            "PostgreSQL's row-level security does not hold for the role that pages and jobs would connect as, or that "
            "role cannot be made. Name an ordinary role, or an owner that may make roles."
        ),
        "database-unreachable": "PostgreSQL does not answer or let Remit in. Check the address and the password.",
        "demonstration-open": (
            "The demonstration has sign-ins that anybody knows, so it is served to its own machine alone. Leave the "
            "address or the host names out, or do not ask for the demonstration."
        ),
        "email-address": "The address of a mail server cannot be used. Write it as smtp://user:password@host:587.",
        "migration-failed": "The tables could not be brought to this version, and are as they were. Report it.",
        "no-backup": "There is no such file. Name one that `remit backup` wrote.",
        "not-a-file": "The data folder holds a link, or something that is no plain file. Take it away.",
        "nothing-there": "No deployment is there, or it has no tables yet. Name its data folder, or start the service.",
        "other-secret": (
            "The database was set up with another secret, so that its rows cannot be read. Use the deployment's own."
        ),
        "owner-needed": "The tables are to be changed, and that needs their owner. Name it in REMIT_DATABASE_OWNER.",
        "place-in-use": "A deployment is there already. Restore into a new place, or ask for it to be replaced.",
        "port-in-use": "The port is taken, or may not be used, or the address is none of this machine. Name another.",
        "setting-unfit": "A setting of the environment cannot be used. See the message for what is expected.",
        "cannot-start": (
            "The web server ended before it answered once. The lines of the log before say where. Check what the "
            "deployment lacks."
        ),
        "consent": "A consent does not fit. The message says why.",
        "database-address": "The address of a database cannot be used. Write it as postgres://name:password@host/remit.",
        "duties-apart": "One person may not have both duties. Somebody else has to do this.",
        "payment-file": (
            "A payment file is not there, or is not the one that was released. The message says which. Do not pay it."
        ),
        "people": "A change of people or roles is not allowed, or does not fit. The message says why.",
        "invitation": "An invitation cannot be used: it expired, was used or was taken back. Ask for a new one.",
        "commissioner-unknown": "No commissioner of the deployment has this code. Correct the code.",
        "day-in-future": "Figures are of a day that has not come yet. Give the day that they were counted on.",
        "evidence-file": "A file of evidence cannot be kept. The message says why. Nothing of a patient may be in it.",
        "number-entered": "A number that a practice entered by hand cannot be used. The message says why.",
        "extract-refused": "Figures were refused. The message says what is wrong, and where.",
        "extract-stands": "An extract of that day is there already. Say why these figures take its place.",
        "nothing-shared": "No practice shares the figures with you. Ask practices for consent, or send figures.",
        "extract-twice": "The same files came in before, byte for byte. Look at that extract, or send other files.",
        "file-name": "The name of a file has a folder or a sign in it that no name has. Give it a plain name.",
        "not-installed": "The service's packages are not installed. Install Remit with its extra `service`.",
        "books-closed": "The books of a month, or of a year, are closed. Enter it in the next open month.",
        "posted-before": "An amount is in the ledger already. Nothing was entered a second time: look at the ledger.",
        "audit-anchor": "An anchor of the audit log cannot be read. Give it as 'remit audit verify' printed it.",
        "patient-in-audit": "What goes into the audit log holds an NHS number. Say it without the number.",
        "scope-open": "Rows could be seen by somebody they are not for. It is a fault of Remit: report it.",
        "offer": "An offer, or a change of one, does not fit. The message says why.",
        "offer-practice": "A practice cannot be offered this. The message says why, and what to do.",
        "organisation": "A change of an organisation is not possible. The message says why.",
        "organisation-elsewhere": (
            "An organisation belongs to another commissioner. Its administrator moves it, or whoever oversees both."
        ),
        "rehearsal": (
            "A deployment is a rehearsal from its first start on, or never: one with real data cannot live at another "
            "day. Begin a new one, in a data folder and a database of its own."
        ),
        "recovery": "A practice owes nothing that a plan could recover, or a plan does not fit. The message says why.",
        "reason-missing": "A change needs a reason. Say why, in a few words.",
        "no-scope": "Rows of organisations were asked for without saying for whom. It is a fault of Remit: report it.",
        "scheme-changed": "The bytes of a version are not those that were saved. Restore the newest backup.",
        "scheme-not-published": "Figures are of a published version of a scheme. Publish it in the register first.",
        "scheme-other-id": "A file has another id than the scheme that it is a version of. Correct its id.",
        "scheme-step": "A version of a scheme cannot go this step now. The message says why.",
        "scheme-unknown": "The register has no such scheme or version. The message says which there are.",
        "step-not-possible": "A step of the scheme's year cannot be taken now, or not by you. The message says why.",
        "scheme-too-large": "The file is longer than a scheme can be. Choose the right file.",
    },
    {
        "hosts-local": "The service listens to other machines and answers none by name. Set REMIT_ADDRESS.",
        "released-not-in-backup": (
            "A payment run was released, and the backup that was restored does not have it: its payment file may be "
            "with the bank. The file is kept. Find out whether it was paid before anything else is."
        ),
        "setting-unknown": "A name in the environment begins with REMIT_ and means nothing. Correct it, or unset it.",
    },
)
