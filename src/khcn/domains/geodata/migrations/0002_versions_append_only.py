"""Makes versions of layers append-only in the database, and lets an object's state change only by being ended."""

from django.db import migrations

STATE = "layer_id code title geometry properties access area_m2 added_in digest valid_from".split()

POSTGRESQL = """
CREATE FUNCTION geodata_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'versions and states of map objects are append-only'; END $$;
CREATE TRIGGER geodata_version_kept BEFORE UPDATE OR DELETE ON geodata_layerversion
FOR EACH ROW EXECUTE FUNCTION geodata_append_only();
CREATE TRIGGER geodata_state_kept BEFORE DELETE ON geodata_feature
FOR EACH ROW EXECUTE FUNCTION geodata_append_only();
CREATE TRIGGER geodata_state_ended_once BEFORE UPDATE ON geodata_feature
FOR EACH ROW WHEN (OLD.ended_in IS NOT NULL OR OLD.digest <> NEW.digest OR OLD.code <> NEW.code
OR OLD.valid_from <> NEW.valid_from OR OLD.added_in <> NEW.added_in OR OLD.access <> NEW.access
OR OLD.properties <> NEW.properties OR NOT OLD.geometry ~= NEW.geometry)
EXECUTE FUNCTION geodata_append_only();
"""
REFUSE = "BEGIN SELECT RAISE(ABORT, 'versions and states of map objects are append-only'); END"
SQLITE = (
    f"CREATE TRIGGER geodata_version_no_update BEFORE UPDATE ON geodata_layerversion {REFUSE}",
    f"CREATE TRIGGER geodata_version_no_delete BEFORE DELETE ON geodata_layerversion {REFUSE}",
    f"CREATE TRIGGER geodata_state_no_delete BEFORE DELETE ON geodata_feature {REFUSE}",
    "CREATE TRIGGER geodata_state_ended_once BEFORE UPDATE ON geodata_feature WHEN OLD.ended_in IS NOT NULL "
    + "".join(f"OR OLD.{name} IS NOT NEW.{name} " for name in STATE)
    + REFUSE,
)
NAMES = ("geodata_version_no_update", "geodata_version_no_delete", "geodata_state_no_delete", "geodata_state_ended_once")


def protect(apps, editor):
    """Create the triggers for the database at hand."""
    for statement in (POSTGRESQL,) if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def release(apps, editor):
    """Drop the triggers."""
    if editor.connection.vendor == "postgresql":
        editor.execute(
            "DROP TRIGGER geodata_version_kept ON geodata_layerversion; "
            "DROP TRIGGER geodata_state_kept ON geodata_feature; "
            "DROP TRIGGER geodata_state_ended_once ON geodata_feature; DROP FUNCTION geodata_append_only()"
        )
    else:
        for name in NAMES:
            editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    """Triggers against change and removal."""

    dependencies = [("geodata", "0001_layers")]
    operations = [migrations.RunPython(protect, release)]
