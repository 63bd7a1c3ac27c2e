"""What the database itself holds of declarations: what was declared never changes, only what becomes of it."""

from django.db import migrations

from remit.service.kept import NotRemoved, OnlyAdded, put_in_place

_DECLARED = (
    "practice_id", "organisation_id", "scheme_year_id", "participation_id", "number", "day", "is_year_end", "pence",
    "payment", "sha256", "entered", "statement_for_commissioner", "words", "declared_at", "declared_by_id",
)  # fmt: skip
KEPT = (
    NotRemoved("declarations_declaration", "OLD.state IN ('sent back', 'taken back', 'withdrawn')", _DECLARED),
    OnlyAdded("declarations_declarationcopy"),
    OnlyAdded("declarations_declarationstep"),
    NotRemoved("declarations_declarationfile", fixed=("practice_id", "scheme_year_id", "number", "name", "sha256")),
)


class Migration(migrations.Migration):
    dependencies = [("declarations", "0001_initial")]
    operations = [migrations.RunPython(put_in_place(KEPT), elidable=False)]
