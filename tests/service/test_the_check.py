"""The check passes as the service is, and fails, with the line and a way out, for each fault that is planted in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django_tasks import task
from tests.service import settings
from tests.service.owner import owner

from remit.core.problems import Refused
from remit.service.access import page, public
from remit.service.organisations.models import Organisation
from remit.service.people.roles import Action
from remit.service.scope import checks, listed
from remit.service.scope.check_addresses import every_address, of_addresses, of_task
from remit.service.scope.check_models import of_models
from remit.service.scope.check_source import of_source, of_text
from remit.service.scope.check_tables import of_tables
from remit.service.scope.conditions import NotScoped, UnderConsent, Visible
from remit.service.scope.faults import SERVICE, Fault
from remit.service.scope.rows import ScopedManager, ScopedModel

pytestmark = pytest.mark.one_database

HERE = Path(__file__).name


def test_the_service_as_it_is_has_no_fault(db: None) -> None:
    assert list(map(str, checks.faults())) == []
    checks.refuse_faults()
    assert [one for one in run_checks() if one.id == "remit.scope"] == []


def test_what_the_lists_name_is_there() -> None:
    for modules in (listed.SQL, listed.MANAGERS, listed.EVERYTHING, listed.EVIDENCE, listed.TASKS, listed.SETS_SCOPE):
        for module, reason in modules.items():
            assert (SERVICE / module).is_file(), f"{module} is listed and is not there"
            assert len(reason) > 5
    assert set(listed.THIRD_PARTY) <= {app.label for app in apps.get_app_configs()}
    arguments = {f"{one.area}/{name}" for one in every_address(_urls()) for name in one.arguments}
    assert set(listed.ARGUMENTS) <= arguments


def _urls() -> list[URLPattern | URLResolver]:
    from remit.service import urls

    return urls.urlpatterns


@pytest.fixture
def planted() -> Iterator[None]:
    """Models made in a test are forgotten after it."""
    before = dict(apps.all_models["audit"])
    yield
    for name in set(apps.all_models["audit"]) - set(before):
        del apps.all_models["audit"][name]
    apps.clear_cache()


def _the_one(faults: Iterator[Fault]) -> Fault:
    [fault] = list(faults)
    assert fault.where.rpartition(":")[2].isdigit()
    assert fault.to_do
    return fault


def test_a_model_that_says_nothing(planted: None) -> None:
    class Planted(models.Model):
        class Meta:
            app_label = "audit"

    fault = _the_one(of_models([Planted]))
    assert fault.where.startswith(HERE)
    assert "audit.Planted does not say whose rows it holds." in fault.what
    assert "visible = Visible(by=" in fault.to_do


def test_a_model_that_is_not_scoped_for_no_reason(planted: None) -> None:
    class Planted(models.Model):
        visible = NotScoped("no")

        class Meta:
            app_label = "audit"

    assert "hardly says why" in _the_one(of_models([Planted])).what


def test_a_scoped_model_without_the_base(planted: None) -> None:
    class Planted(models.Model):
        visible = Visible(by="id")
        objects = ScopedManager()

        class Meta:
            app_label = "audit"
            base_manager_name = default_manager_name = "objects"

    assert "is not a ScopedModel" in _the_one(of_models([Planted])).what


def test_another_manager(planted: None) -> None:
    class Planted(ScopedModel):
        visible = Visible(by="id")
        every = models.Manager()

        class Meta(ScopedModel.Meta):
            app_label = "audit"

    assert "audit.Planted's manager every is a Manager" in _the_one(of_models([Planted])).what


def test_another_default_and_base_manager(planted: None) -> None:
    class Planted(ScopedModel):
        visible = Visible(by="id")
        plain = models.Manager()

        class Meta:
            app_label = "audit"
            base_manager_name = default_manager_name = "plain"

    found = [fault.what.split("'s manager ")[1].split(",")[0] for fault in of_models([Planted])]
    assert found == ["default is a Manager", "base is a Manager", "plain is a Manager"]


def test_a_model_scoped_by_a_column_of_another_table(planted: None) -> None:
    class Planted(ScopedModel):
        visible = Visible(by="consent__practice_id", overseen=UnderConsent(practice="practice_id", day="since"))
        since = models.DateField()

        class Meta(ScopedModel.Meta):
            app_label = "audit"

    assert [fault.what.split(" is scoped by ")[1] for fault in of_models([Planted])] == [
        "consent__practice_id, which is no column of its own table.",
        "practice_id, which is no column of its own table.",
    ]


def test_rows_that_vanish_with_others(planted: None) -> None:
    class Planted(ScopedModel):
        visible = Visible(by="organisation_id")
        organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")

        class Meta(ScopedModel.Meta):
            app_label = "audit"

    assert "audit.Planted.organisation does not protect" in _the_one(of_models([Planted])).what


def test_a_table_that_django_makes_beside(planted: None) -> None:
    class Planted(ScopedModel):
        visible = Visible(by="id")
        many = models.ManyToManyField(Organisation, related_name="+")

        class Meta(ScopedModel.Meta):
            app_label = "audit"

    through: Any = Planted._meta.get_field("many").remote_field.through
    assert "is a table that Django makes" in _the_one(of_models([Planted, through])).what


def test_a_model_that_saves_its_own_way(planted: None) -> None:
    class Planted(ScopedModel):
        visible = Visible(by="id")

        class Meta(ScopedModel.Meta):
            app_label = "audit"

        def save(self, *args: object, **kwargs: object) -> None:
            models.Model.save(self)

    assert "has its own save" in _the_one(of_models([Planted])).what


@task()
def planted_work() -> None:
    """A task that is no job."""


def _answer(request: HttpRequest, **_: object) -> HttpResponse:
    return HttpResponse()


def test_a_view_that_says_nothing() -> None:
    fault = _the_one(of_addresses(every_address([path("planted/", include([path("here/", _answer)]))])))
    assert fault.where.startswith(HERE)
    assert "/planted/here/ does not say who may open it." in fault.what
    assert "@page(Action." in fault.to_do


def test_a_public_view_for_no_reason() -> None:
    assert "hardly says why" in _the_one(of_addresses(every_address([path("planted/", public("x")(_answer))]))).what


def test_a_view_whose_organisation_is_not_looked_up() -> None:
    view = page(Action.SEE_STATEMENTS)(_answer)
    fault = _the_one(of_addresses(every_address([path("planted/<str:surgery>/", view)])))
    assert "takes surgery, and nothing looks it up" in fault.what
    assert 'organisation="surgery"' in fault.to_do


def test_a_view_whose_organisation_is_not_in_the_path() -> None:
    view = page(Action.SEE_STATEMENTS, organisation="code")(_answer)
    assert "has no argument code" in _the_one(of_addresses(every_address([path("planted/", view)]))).what


def test_a_background_job_that_is_none() -> None:
    assert "works for no organisation" in _the_one(of_task(planted_work)).what


SOURCES = {
    "raw": "def rows():\n    return Entry.objects.raw('SELECT 1')\n",
    "extra": "x = 1\nrows = Entry.objects.extra(where=['1=1'])\n",
    "RawSQL": "\nfrom django.db.models.expressions import RawSQL\n",
    "cursor": "\nrows = database.cursor()\n",
    "connection": "\nfrom django.db import connection\n",
    "psycopg": "\nimport psycopg\n",
    "_base_manager": "\nrows = Entry._base_manager.all()\n",
    "_default_manager": "\nrows = getattr(Entry, '_default_manager').all()\n",
    "unscoped_for_conditions": "\nrows = Consent.unscoped_for_conditions()\n",
    "ScopedQuerySet": "\nrows = ScopedQuerySet(Entry)\n",
    "Manager": "\nrows = models.Manager()\n",
    "EVERYTHING": "\nwith acting(EVERYTHING):\n    pass\n",
    "Scope": "\nwith acting(Scope(everything=True)):\n    pass\n",
    "remit.service.scope.scope.put": "\nfrom remit.service.scope.scope import put\n",
    "remit.evaluation.evidence.open_evidence": "\nfrom remit.evaluation.evidence import open_evidence\n",
    "remit.application.evidence": "\nfrom remit.application import evidence\n",
    "django_tasks": "\nimport django_tasks\n",
}


@pytest.mark.parametrize("name", SOURCES)
def test_a_line_of_source_that_passes_the_scope_by(name: str, tmp_path: Path) -> None:
    (tmp_path / "extracts").mkdir()
    (tmp_path / "extracts" / "views.py").write_text(SOURCES[name], encoding="utf-8")
    found = [fault for fault in of_source(tmp_path) if fault.what.startswith(f"{name} ")]
    assert [fault.where for fault in found] == ["extracts/views.py:2"]
    assert found[0].to_do


def test_a_background_job_that_sees_everything() -> None:
    text = "@job\ndef planted(organisation):\n    with acting(EVERYTHING):\n        pass\n"
    fault = _the_one(of_text(text, "work/jobs.py"))
    assert fault.where == "work/jobs.py:3"
    assert "is used in a background job" in fault.what


def test_serve_does_not_start_with_a_fault(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "faults", lambda role: iter([Fault("x.py:1", "passes the scope by.", "Do not.")]))
    with pytest.raises(Refused, match=r"x\.py:1: passes the scope by\. Do not\."):
        checks.refuse_faults()


PLANTED_SQL = {
    "a policy is missing": (
        "DROP POLICY remit_read ON audit_entry", "audit_entry lacks its policy remit_read"
    ),
    "a policy is another": (
        "COMMENT ON POLICY remit_read ON audit_entry IS 'of yesterday'", "is not the one that its model asks for"
    ),
    "a policy is added": (
        "CREATE POLICY planted ON audit_entry USING (true)", "has a policy planted that no model asks for"
    ),
    "it is not forced": ("ALTER TABLE audit_entry NO FORCE ROW LEVEL SECURITY", "is not forced on audit_entry"),
    "it is off": ("ALTER TABLE audit_entry DISABLE ROW LEVEL SECURITY", "is not forced on audit_entry"),
    "a table of nobody": ("CREATE TABLE planted (id integer)", "planted is a table of no model"),
    "a trigger is off": ("ALTER TABLE audit_entry DISABLE TRIGGER audit_kept", "the trigger audit_kept of the audit"),
}  # fmt: skip


@pytest.mark.postgresql_alone
@pytest.mark.skipif(not settings.OWNER, reason="row-level security is PostgreSQL's")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", PLANTED_SQL)
def test_what_postgresql_lacks(what: str) -> None:
    from remit.service.audit import triggers
    from remit.service.scope.row_security import policies

    sql, words = PLANTED_SQL[what]
    with owner() as execute:
        execute(sql)
        try:
            found = list(of_tables())
        finally:
            execute("DROP POLICY IF EXISTS planted ON audit_entry; DROP TABLE IF EXISTS planted")
            execute(policies())
            execute(triggers.ENABLED)
    assert [fault for fault in found if words in str(fault)] == found != []
    assert all(fault.to_do for fault in found)


@pytest.mark.postgresql_alone
@pytest.mark.skipif(not settings.OWNER, reason="row-level security is PostgreSQL's")
@pytest.mark.django_db
def test_a_role_that_passes_by(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(of_tables()) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


@pytest.mark.postgresql_alone
@pytest.mark.skipif(not settings.OWNER, reason="row-level security is PostgreSQL's")
@pytest.mark.django_db
def test_the_role_that_is_asked_about_need_not_be_who_asks() -> None:
    """`remit serve` asks as the tables' owner, about the role of pages and jobs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolsuper LIMIT 1")
        [superuser] = cursor.fetchone()
    for role in (superuser, "no_such_role"):
        assert ["passes row-level security by" in fault.what for fault in of_tables(role)] == [True]
    assert list(of_tables(settings.SERVICE_ROLE)) == []
