"""Observations are never removed, and what a correction replaced is append-only: held by the database itself."""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION hazards_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'observations are kept and their revisions are append-only'; END $$;
CREATE TRIGGER hazards_observation_kept BEFORE DELETE ON hazards_observation
FOR EACH ROW EXECUTE FUNCTION hazards_kept();
CREATE TRIGGER hazards_revision_kept BEFORE UPDATE OR DELETE ON hazards_observationrevision
FOR EACH ROW EXECUTE FUNCTION hazards_kept();
"""
REFUSE = "BEGIN SELECT RAISE(ABORT, 'observations are kept and their revisions are append-only'); END"
SQLITE = {
    "hazards_observation_no_delete": f"BEFORE DELETE ON hazards_observation {REFUSE}",
    "hazards_revision_no_delete": f"BEFORE DELETE ON hazards_observationrevision {REFUSE}",
    "hazards_revision_no_update": f"BEFORE UPDATE ON hazards_observationrevision {REFUSE}",
}


def protect(apps, editor):
    """Create the triggers for the database at hand."""
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRESQL)
        return
    for name, rule in SQLITE.items():
        editor.execute(f"CREATE TRIGGER {name} {rule}")


def release(apps, editor):
    """Drop the triggers."""
    if editor.connection.vendor == "postgresql":
        editor.execute(
            "DROP TRIGGER hazards_observation_kept ON hazards_observation; "
            "DROP TRIGGER hazards_revision_kept ON hazards_observationrevision; DROP FUNCTION hazards_kept()"
        )
        return
    for name in SQLITE:
        editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    """Triggers against removal and change."""

    dependencies = [("hazards", "0001_stations")]
    operations = [migrations.RunPython(protect, release)]
