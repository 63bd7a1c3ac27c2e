"""Numbers that a practice entered, and its own copy of what differs; and what the database holds of them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from remit.service.kept import NotRemoved, OnlyAdded, put_in_place

KEPT = (
    OnlyAdded("declarations_declarationdifference"),
    NotRemoved("declarations_enterednumbers", "OLD.declaration_id IS NOT NULL", ("practice_id", "figures_id", "rows")),
)


class Migration(migrations.Migration):
    dependencies = [
        ("declarations", "0002_kept"),
        ("extracts", "0004_payment"),
        ("offers", "0002_kept"),
        ("organisations", "0002_no_overlaps"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DeclarationDifference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document", models.TextField()),
                (
                    "declaration",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="own_difference",
                        to="declarations.declaration",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="EnteredNumbers",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rows", models.JSONField(default=list)),
                ("asked_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("problems", models.JSONField(default=list)),
                ("pence", models.BigIntegerField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("payment", models.TextField(blank=True)),
                ("counts", models.TextField(blank=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("statement", models.TextField(blank=True)),
                ("statement_for_commissioner", models.TextField(blank=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "declaration",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entered_numbers",
                        to="declarations.declaration",
                    ),
                ),
                (
                    "figures",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="extracts.practicefigures"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
                    ),
                ),
                (
                    "scheme_year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="offers.schemeyear"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.RunPython(put_in_place(KEPT), elidable=False),
    ]
