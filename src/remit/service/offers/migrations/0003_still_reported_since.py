"""Since when a practice that takes part is still reported nationally."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("offers", "0002_kept")]

    operations = [
        migrations.AddField(
            model_name="participation",
            name="still_reported_since",
            field=models.DateField(null=True),
        ),
    ]
