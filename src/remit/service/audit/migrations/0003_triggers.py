"""The databases themselves refuse to change, remove or slip in an entry."""

from typing import Any

from django.db import migrations

from remit.service.audit import triggers


def make(apps: Any, schema_editor: Any) -> None:
    """The triggers of the database at hand."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(triggers.POSTGRESQL, None)
        return
    for statement in triggers.sqlite():
        schema_editor.execute(statement, None)


def take_away(apps: Any, schema_editor: Any) -> None:
    """Without them, as before."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(triggers.POSTGRESQL_BACK, None)
        return
    for statement in triggers.sqlite_back():
        schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_head")]
    operations = [migrations.RunPython(make, take_away)]
