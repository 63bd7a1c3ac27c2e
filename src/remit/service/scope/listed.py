"""What the check lets pass, each with the reason why: a longer list is a decision, and is looked at as one."""

from __future__ import annotations

THIRD_PARTY = {
    "account": "e-mail addresses of allauth: none is kept here, a person's address is the person's",
    "auth": "Django's groups and permissions: none is used, roles are appointments",
    "contenttypes": "the names of models",
    "django_tasks_database": "jobs: what runs, with ids and texts; a job reads rows in its own organisation's scope",
    "mfa": "second factors, read by whoever signs in as that person; secrets are enciphered or hashed",
    "sessions": "who is signed in, by a random key",
}
"""Tables that are not ours, by app."""

SQL = {
    "audit/log.py": "asks whether a transaction is open; sends no SQL",
    "health.py": "SELECT 1, to say that the database answers",
    "kept.py": "puts triggers in place, in a migration",
    "register/at_server.py": "asks whether there are tables yet, as the operator",
    "people/at_server.py": "asks whether the deployment has tables, as the operator",
    "scope/apps.py": "puts the policies in place after a migration",
    "scope/check_tables.py": "reads PostgreSQL's catalogue of policies and triggers",
    "scope/reach.py": "who is below and above an organisation, in one question: what a scope is made of",
    "scope/row_security.py": "tells PostgreSQL the scope, and makes the policies",
    "serving/backup.py": "reads all tables at one moment, as the operator",
    "serving/checks.py": "reads PostgreSQL's catalogue, as the operator",
    "serving/daily.py": "closes its thread's connection after each look",
    "serving/job_worker.py": "closes a connection after a job",
    "serving/migrate.py": "migrations, as the owner",
    "serving/rehearse.py": "a transaction for the entry in the log",
    "serving/replaced.py": "reads what a restore replaces, as the owner",
    "serving/restore.py": "loads a backup, as the owner",
    "serving/restore_moves.py": "reads whether a restore was committed",
    "serving/roles.py": "makes PostgreSQL's ordinary role, as the owner",
    "serving/serve.py": "a lock in the database, and closing the owner's connection",
    "serving/tables.py": "rows of every table for backup and restore, as the operator",
    "serving/upgrade.py": "migrations, as the owner",
}
"""Modules that have a connection, a cursor or a driver."""

MANAGERS = {
    "consents/models.py": "all consents, for the condition that a row's own practice consented",
    "people/models.py": "people are not scoped: sign-in looks for an address before a scope is known",
    "scope/conditions.py": "the condition of consent",
    "scope/rows.py": "makes the one manager",
    "serving/replaced.py": "reads what a restore replaces, as the owner",
    "serving/restore.py": "loads a backup, as the owner",
    "serving/tables.py": "rows of every table for backup and restore, as the operator",
}
"""Modules that name another manager than `objects`, or a query set without one."""

EVERYTHING = {
    "audit/chain.py": "the chain is of every organisation's entries; what is handed on is numbers and hashes",
    "audit/log.py": "an entry is added after the last one, whoever it is of",
    "consents/reading.py": "consents of a practice that the view has checked, with the receivers' names",
    "consents/services.py": "a consent that the practice gives, and those that a move or merger ends",
    "declarations/duties.py": "who received figures or gave evidence, wherever they worked then: ids of people alone",
    "declarations/reading.py": "limits of years whose rows are seen, and a practice's own figures of a year it left",
    "extracts/command.py": "figures that the operator brings in at the server",
    "extracts/services.py": "whether who sends figures declared those of that day: ids of people alone",
    "money/adjustments.py": "the next number of an adjustment, after the check that the person keeps the books",
    "money/command.py": "checks the books of every commissioner, for whoever runs the deployment",
    "money/closing.py": "all of a commissioner's books, after the check that the person at work keeps them",
    "money/ledger.py": "adds transfers after a decision, which its caller has checked",
    "offers/consenting.py": "a practice's own consents, and whom it belongs to, as it answers an offer",
    "offers/lapsing.py": "which commissioners have offers past their day, for the daily look of a worker",
    "offers/letters.py": "the practice leads whom an offer is written to",
    "offers/services.py": "the offer and the year of an answer that is allowed, of a commissioner that has merged too",
    "organisations/applying.py": "a map of an area, which may take in practices of another",
    "organisations/command.py": "the command line of whoever runs the deployment, as the operator",
    "organisations/mergers.py": "a merger, which may join organisations of two areas",
    "organisations/services.py": "changes of organisations, each after `services` has checked that they are allowed",
    "organisations/standing.py": "makes that scope (as_service)",
    "register/at_server.py": "lists and writes schemes for the operator, who has the files",
    "people/at_server.py": "people of every organisation, for whoever has the server's files",
    "people/invitations.py": "an invitation by its secret, before a scope is known, and the roles that it gives",
    "people/reading.py": "a person's own roles wherever they are, for duties and the second factor; no page lists them",
    "people/services.py": "makes the commissioner of the first administrator, where there is none",
    "reminders/services.py": "lists the commissioners once a day; each is then acted for in its own scope",
    "scope/conditions.py": "says what it means",
    "scope/reach.py": "works out somebody's scope, from appointments and memberships",
    "scope/row_security.py": "says what it means to PostgreSQL",
    "scope/rows.py": "says what it means for writing",
    "scope/scope.py": "defines it",
    "serving/checks.py": "whether every extract's files are there, for the operator",
    "serving/backup.py": "a backup has every row",
    "serving/migrate.py": "migrations change every row",
    "serving/rehearse.py": "notes in the log that the operator moved a rehearsal to another day",
    "serving/serve.py": "looks for the first administrator, as the operator",
    "work/jobs.py": "looks the organisation of a job up, before its scope is known",
}
"""Modules that act as the service itself, or make a scope of their own."""

SETS_SCOPE = {"scope/acting.py": "sets a scope, and ends it"}
"""The one module that sets a scope."""

THE_CHECK = {f"scope/{name}.py" for name in ("listed", "check_addresses", "check_models", "check_source")}
"""Modules that name what they look for."""

EVIDENCE = {
    "extracts/evidence.py": "the one reader: for whoever has the practice in `patients`, each look in the audit log",
    "extracts/command.py": "lists the folders of an evaluation that the operator brings in; opens none",
    "extracts/files.py": "lists the folders that came with an extract, to keep them; opens none",
}
"""Modules that know evidence of patients."""

TASKS = {
    "serving/demonstration.py": "sets the demonstration up, before there is an organisation to work for",
    "serving/job_worker.py": "runs jobs",
    "serving/worker.py": "runs jobs",
    "work/jobs.py": "makes a function a job",
}
"""Modules that know what runs jobs."""

ARGUMENTS = {
    "account/token": "what proves that somebody reads an e-mail address, signed for one's own account",
    "books/ending": "csv or xlsx",
    "books/scheme": "a scheme year of the organisation, looked up within the scope",
    "consents/to": "whom a consent of the practice names, looked up among the practice's consents",
    "declarations/practice": "whose declaration a step is taken on, looked up within the scope",
    "declarations/scheme_id": "a scheme in which the practice takes part, looked up among its own parts",
    "figures/commissioner": "the commissioner of an extract, above a practice, looked up within the scope",
    "figures/practice": "a practice of the extract, looked up within the scope",
    "offers/ending": "csv or xlsx",
    "offers/scheme_id": "a scheme of the organisation, whose version or year is looked up within the scope",
    "organisations/parent": "what the organisation belongs to, looked up among its memberships",
    "organisations/token": "a map that waits to be applied, looked up among the organisation's own",
    "patients/commissioner": "the commissioner of an extract, looked up among the practice's own figures",
    "patients/item": "an item of the practice's own evidence",
    "patients/practice": "looked up among the practices whose patients may be seen, by the one reader of evidence",
    "calendar/ending": "ics, xlsx or csv",
    "positions/commissioner": "the commissioner of an extract, above a practice, looked up among extracts in the scope",
    "positions/ending": "xlsx or csv",
    "positions/scheme": "a scheme of the extract, looked up with it",
    "payments/ending": "csv or xlsx",
    "recoveries/practice": "a practice that owes, looked up within the scope",
    "schemes/key": "a comparison in pounds, by a key that cannot be guessed, looked up within the scope",
    "schemes/organisation": "the commissioner whose scheme it is, above a practice: register looks the version up",
    "schemes/scheme_id": "a scheme of the organisation, looked up within the scope",
    "statements/ending": "html, pdf, xlsx or csv",
    "year/ending": "xlsx or csv",
    "year/item": "an item of a scheme's version, looked up in its text",
    "year/organisation": "the commissioner of a scheme's version: register looks the version up within the scope",
    "year/scheme_id": "a scheme of the organisation, looked up within the scope",
}
"""Texts in addresses that page(…) does not look up, by the address's first part: what they are, and who does."""
