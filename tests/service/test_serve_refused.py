"""`remit serve` does not start where rows could be seen by others, or where its web server cannot run: it says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.service import settings
from tests.service.planted import plant
from tests.service.running import HERE, Place, free_port, made, running

pytestmark = pytest.mark.one_database

MODEL = """
from django.db import models
class Planted(models.Model):
    class Meta:
        managed = False
"""


@pytest.fixture(params=[HERE])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with made(tmp_path, request.param) as one:
        yield one


def test_it_does_not_start_with_a_model_that_says_nothing(place: Place, tmp_path: Path) -> None:
    planted = plant(place, tmp_path / "app")
    (tmp_path / "app" / "planted" / "models.py").write_text(MODEL, encoding="utf-8")
    done = planted.command("serve", "--port", str(free_port()))
    words = " ".join(done.stderr.split())
    assert done.returncode == 1
    assert "Remit does not start: models.py:3: planted.Planted does not say whose rows it holds." in words
    assert "Traceback" not in words
    assert "is at http" not in done.stdout


PLANTED_SQL = {
    "CREATE POLICY planted ON audit_entry USING (true)": "audit_entry has a policy planted that no model asks for.",
    "CREATE TABLE planted (id integer)": "planted is a table of no model.",
}


@pytest.mark.postgresql_alone
@pytest.mark.skipif(not settings.OWNER, reason="row-level security is PostgreSQL's")
def test_it_does_not_start_with_what_postgresql_holds(tmp_path: Path) -> None:
    import psycopg

    with made(tmp_path, "postgresql") as place:
        with running(place):
            pass
        with psycopg.connect(place.database, autocommit=True) as server:
            for sql in PLANTED_SQL:
                server.execute(sql.encode())
        done = place.command("serve", "--port", str(free_port()))
        words = " ".join(done.stderr.split())
        assert done.returncode == 1
        for what in PLANTED_SQL.values():
            assert f"Remit does not start: PostgreSQL: {what}" in words


def test_a_web_server_that_cannot_run_ends_the_service(tmp_path: Path) -> None:
    place = plant(Place(tmp_path / "data"), tmp_path / "app")
    path = tmp_path / "app" / "planted_settings.py"
    fails_in_children = '\nimport os\nif os.environ.get("REMIT_PORT"):\n    raise ValueError("what nobody may see")\n'
    path.write_text(path.read_text(encoding="utf-8") + fails_in_children, encoding="utf-8")
    done = place.command("serve", "--port", str(free_port()))
    words = " ".join(done.stderr.split())
    assert done.returncode == 1
    assert "The web server cannot start: it ended" in words
    assert "ValueError" in words
    assert "Traceback" not in words
    assert "what nobody may see" not in words


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_that_is_none_of_this_machine_is_refused(host: str, tmp_path: Path) -> None:
    port = str(free_port())
    done = Place(tmp_path / "data").command("serve", "--host", host, "--port", port)
    assert done.returncode == 1
    assert f"Port {port} of {host} cannot be used" in " ".join(done.stderr.split())
    assert not (tmp_path / "data").exists()


def test_a_name_of_this_machine_is_listened_on(tmp_path: Path) -> None:
    with made(tmp_path, "sqlite") as place, running(place, "--host", "localhost") as service:
        assert service.get("/health")[0] == 200


def test_who_listens_to_other_machines_without_a_name_is_warned(tmp_path: Path) -> None:
    with made(tmp_path, "sqlite") as place, running(place, "--host", "0.0.0.0") as service:
        words = " ".join(service.log.read_text(encoding="utf-8").split())
    assert "0.0.0.0 is open to other machines, and a browser there is refused" in words
    assert "Set REMIT_ADDRESS" in words
