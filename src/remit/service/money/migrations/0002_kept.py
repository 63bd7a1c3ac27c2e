"""What the database itself holds of money: the ledger is only added to, a closed month takes nothing any more, and what
was released is never changed."""

from django.db import migrations

from remit.service.kept import NotRemoved, OnlyAdded, put_in_place

# What is closed is closed with all before it: a month without entries has no row of its own.
_CLOSED = "a closed month of the books takes no transfer"
_OF_BOOKS = "m.organisation_id IN (NEW.paid_by_id, NEW.organisation_id) AND m.state = 'closed'"
# Whoever may add a transfer sees every month: as the service itself.
SQLITE = (
    "CREATE TRIGGER money_transfer_month_open BEFORE INSERT ON money_transfer WHEN EXISTS (SELECT 1 FROM"
    f" money_bookmonth m WHERE {_OF_BOOKS} AND m.month >= strftime('%Y-%m-01', NEW.day))"
    f" BEGIN SELECT RAISE(ABORT, '{_CLOSED}'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION money_transfer_month_open() RETURNS trigger LANGUAGE plpgsql"
    " SET search_path = pg_catalog, public AS $$ BEGIN IF EXISTS (SELECT 1 FROM public.money_bookmonth m WHERE"
    f" {_OF_BOOKS} AND m.month >= date_trunc('month', NEW.day)::date) THEN RAISE EXCEPTION '{_CLOSED}'"
    " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER money_transfer_month_open BEFORE INSERT ON money_transfer FOR EACH ROW"
    " EXECUTE FUNCTION money_transfer_month_open()",
    "ALTER TABLE money_transfer ENABLE ALWAYS TRIGGER money_transfer_month_open",
)
_RUN = ("organisation_id", "number", "month", "pay_on", "prepared_at", "prepared_by_id")
_PLAN = ("practice_id", "organisation_id", "scheme_year_id", "number", "pence", "months", "notified", "exception")
_ADJUSTMENT = ("practice_id", "organisation_id", "scheme_year_id", "number", "pence", "day", "reason")
_OVER = "OLD.state IN ('refused', 'replaced', 'ended', 'taken back')"
KEPT = (
    NotRemoved("money_bookmonth", "OLD.state = 'closed'", ("organisation_id", "month")),
    OnlyAdded("money_bookstep"),
    NotRemoved("money_paymentrun", "OLD.state IN ('released', 'cancelled')", _RUN),
    OnlyAdded("money_paymentrunstep"),
    NotRemoved("money_recoveryplan", _OVER, _PLAN),
    OnlyAdded("money_recoveryplanstep"),
    NotRemoved("money_adjustment", f"{_OVER} OR OLD.state = 'approved'", _ADJUSTMENT),
    OnlyAdded("money_adjustmentstep"),
    OnlyAdded("money_paymentline"),
    OnlyAdded("money_transfer", (("organisation_id", "number"), ("organisation_id", "key"))),
)


class Migration(migrations.Migration):
    dependencies = [("money", "0001_initial")]
    operations = [migrations.RunPython(put_in_place(KEPT, SQLITE, POSTGRESQL), elidable=False)]
