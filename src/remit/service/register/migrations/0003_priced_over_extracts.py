"""Two versions priced over an extract: practice by practice."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("extracts", "0002_unchanged"),
        ("organisations", "0002_no_overlaps"),
        ("register", "0002_unchanged"),
    ]

    operations = [
        migrations.AddField(
            model_name="pricedcomparison",
            name="exact",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="pricedcomparison",
            name="extract",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="extracts.extract"
            ),
        ),
        migrations.AddField(
            model_name="pricedcomparison",
            name="frame",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="pricedcomparison",
            name="marks",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="pricedcomparison",
            name="practices",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="pricedcomparison",
            name="settings_differ",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="pricedcomparison",
            name="words",
            field=models.TextField(blank=True),
        ),
        migrations.CreateModel(
            name="PricedPractice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("moved", models.TextField()),
                ("left_out", models.JSONField(default=list)),
                (
                    "comparison",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="register.pricedcomparison",
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
                "constraints": [
                    models.UniqueConstraint(fields=("comparison", "practice"), name="register_priced_once")
                ],
            },
        ),
    ]
