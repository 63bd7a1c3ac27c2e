"""An app that a test adds to the service: jobs that are slow or that kill their worker, and a migration that is slow or
fails. It is written to a folder of the test's, and a place that names its settings has it."""

from __future__ import annotations

import os
from pathlib import Path

from tests.service.running import ROOT, Place

_FILES = {
    "planted_settings.py": 'from remit.service.settings import *\nINSTALLED_APPS = [*INSTALLED_APPS, "planted"]\n',
    "planted/__init__.py": "",
    "planted/tasks.py": """
import os, signal, time
from django_tasks import task

@task()
def slow(path, seconds):
    with open(path, "a") as file:
        file.write("start\\n")
    time.sleep(seconds)
    with open(path, "a") as file:
        file.write("end\\n")

@task()
def deadly(path):
    with open(path, "a") as file:
        file.write("start\\n")
    os.kill(os.getpid(), signal.SIGKILL)

@task()
def failing(text):
    raise ValueError(text)
""",
}
_MIGRATION = {
    "planted/migrations/__init__.py": "",
    "planted/models.py": """
from django.db import models
from remit.service.scope.conditions import NotScoped
class Thing(models.Model):
    visible = NotScoped("things of a test, which nobody sees")
    name = models.TextField()
""",
    "planted/migrations/0001_initial.py": """
import os, pathlib, time
from django.db import migrations, models
def fill(apps, schema_editor):
    apps.get_model("planted", "Thing").objects.create(name="one")
    if os.environ.get("PLANTED") == "slow":
        pathlib.Path(os.environ["PLANTED_MARK"]).touch()
        time.sleep(60)
    if os.environ.get("PLANTED") == "fails":
        raise ValueError("a value that nobody may see")
class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel("Thing", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())]),
        migrations.RunPython(fill),
        migrations.AddField("Thing", "more", models.TextField(default="")),
    ]
""",
}


def plant(place: Place, folder: Path, migration: bool = False, **environment: str) -> Place:
    """The same place, with the app in it."""
    for name, text in (_FILES | (_MIGRATION if migration else {})).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT), str(folder)])
    settings = {"DJANGO_SETTINGS_MODULE": "planted_settings", "PYTHONPATH": paths, **environment}
    return Place(place.data, place.database, place.environment | settings)
