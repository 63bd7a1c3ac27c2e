"""What the database itself holds of offers and participation."""

from django.db import migrations

from remit.service.kept import NotRemoved, OnlyAdded, put_in_place

KEPT = (
    NotRemoved("offers_schemeyear", fixed=("organisation_id", "scheme_id", "year", "starts", "ends")),
    OnlyAdded("offers_offer"),
    NotRemoved("offers_participation", fixed=("practice_id", "organisation_id", "scheme_year_id", "offer_id")),
    OnlyAdded("offers_participationstep"),
)


class Migration(migrations.Migration):
    dependencies = [("offers", "0001_initial")]
    operations = [migrations.RunPython(put_in_place(KEPT), elidable=False)]
