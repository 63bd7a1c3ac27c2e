"""A migration is applied whole or not at all: killed or failing in its midst it leaves the tables as they were."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db.migrations.loader import MigrationLoader
from tests.service.planted import plant
from tests.service.running import HERE, made, running, wait
from tests.service.test_serve_backup import FILLED, STANDS

THINGS = "from planted.models import Thing\nprint(list(Thing.objects.values_list('name', flat=True)))"


@pytest.mark.parametrize("kind", [HERE])
def test_a_migration_that_is_killed_or_fails_leaves_everything_as_it_was(kind: str, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with made(tmp_path, kind, tables=True) as place:
        place.python(FILLED)
        before = place.python(STANDS)

        failing = plant(place, tmp_path / "app", migration=True, PLANTED="fails")
        done = failing.command("serve", "--port", "1999")
        assert done.returncode == 1
        assert "Nothing was changed" in done.stderr
        assert "ValueError" in done.stderr
        assert "nobody may see" not in done.stderr
        assert place.python(STANDS) == before

        slow = plant(place, tmp_path / "app", migration=True, PLANTED="slow", PLANTED_MARK=str(mark))
        with running(slow, ready=False) as service:
            wait(mark.exists)
            service.process.kill()
            service.process.wait()
        assert place.python(STANDS) == before
        [*_, kept] = sorted((place.data / "backups").glob("before-upgrade-*"))

        good = plant(place, tmp_path / "app", migration=True)
        with running(good):
            assert good.python(THINGS) == "['one']"

        with made(tmp_path / "again", kind) as other:  # an older backup, into the later version
            later = plant(other, tmp_path / "app", migration=True)
            done = later.command("restore", str(kept))
            assert done.returncode == 0, done.stderr
            assert later.python(THINGS) == "['one']"


def test_every_migration_can_be_part_of_one_transaction() -> None:
    loader = MigrationLoader(None)
    assert [key for key, one in loader.disk_migrations.items() if not one.atomic] == []
