"""The service's settings for tests: SQLite, or the PostgreSQL server whose owner `REMIT_TEST_POSTGRESQL` names.

On PostgreSQL the tables are made as the owner, and every test runs as the service's ordinary role.
"""

import atexit
import os
import shutil
import tempfile

OWNER = os.environ.get("REMIT_TEST_POSTGRESQL", "")
SERVICE_ROLE, SERVICE_PASSWORD = "remit_test_service", "remit-test-service"
TABLES = "REMIT_TEST_TABLES"
"""Names the folder of `migrated`; the process that begins the tests makes it, and all others have it from that one."""


def _without_tables() -> None:
    """PostgreSQL's copy of the tables goes with the process that began the tests, and after all others."""
    from tests.service import migrated

    migrated.dropped_again()


if "REMIT_DATA" not in os.environ:
    os.environ["REMIT_DATA"] = tempfile.mkdtemp(prefix="remit-test-data-")
    atexit.register(shutil.rmtree, os.environ["REMIT_DATA"], ignore_errors=True)
    os.environ[TABLES] = os.path.join(os.environ["REMIT_DATA"], "tables")
    if OWNER:
        atexit.register(_without_tables)
os.environ["REMIT_SECRET"] = "for tests alone, and as long as a secret has to be, at the least"
os.environ["REMIT_HOSTS"] = "testserver,localhost,127.0.0.1"
if OWNER:
    credentials, _, server = OWNER.rpartition("@")
    os.environ["REMIT_DATABASE"] = f"postgres://{SERVICE_ROLE}:{SERVICE_PASSWORD}@{server}"
    os.environ["REMIT_DATABASE_OWNER"] = OWNER
    os.environ["REMIT_AS_OWNER"] = "1"

from remit.service.settings import *  # noqa: E402, F403

if not OWNER:  # a file, as a deployment has it: threads and other processes write to it at once
    _options = DATABASES["default"]["OPTIONS"]  # noqa: F405
    # No test takes away the machine's power: what a process wrote is there after its end without waiting for the disk.
    _options["init_command"] = _options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(os.environ["REMIT_DATA"], "test.sqlite3")}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick; where calls are counted, Argon2
