"""The one row of the chain's head."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "INSERT INTO audit_head (id, number, hash) VALUES (1, 0, '')", "DELETE FROM audit_head WHERE id = 1"
        )
    ]
