"""What an extract rests on, and what each practice is paid by it.

SQLite makes two of the tables anew, without their triggers: all are put in place again.
"""

from importlib import import_module
from typing import Any

from django.db import migrations, models

_UNCHANGED = import_module("remit.service.extracts.migrations.0002_unchanged")


def _triggers_again(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "sqlite":
        for sql in _UNCHANGED._sqlite():
            editor.execute(f"DROP TRIGGER IF EXISTS {sql.split()[2]}")
            editor.execute(sql, params=None)


class Migration(migrations.Migration):
    dependencies = [("extracts", "0003_due_day")]

    operations = [
        migrations.AddField("extract", "made_with", models.JSONField(default=dict)),
        migrations.AddField("practicefigures", "payment", models.TextField(blank=True)),
        migrations.RunPython(_triggers_again, elidable=False),
    ]
