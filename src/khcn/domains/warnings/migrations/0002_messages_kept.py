"""What went out and what came as a bulletin never changes: held by the database itself."""

from django.db import migrations

TABLES = ("warnings_capmessage", "warnings_bulletin")
POSTGRESQL = """
CREATE FUNCTION warnings_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'messages that went out and bulletins are kept as they are'; END $$;
""" + "".join(
    f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION warnings_kept();\n"
    for table in TABLES
)
REFUSE = "BEGIN SELECT RAISE(ABORT, 'messages that went out and bulletins are kept as they are'); END"


def protect(apps, editor):
    """Create the triggers for the database at hand."""
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRESQL)
        return
    for table in TABLES:
        for act in ("update", "delete"):
            editor.execute(f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} {REFUSE}")


def release(apps, editor):
    """Drop the triggers."""
    if editor.connection.vendor == "postgresql":
        for table in TABLES:
            editor.execute(f"DROP TRIGGER {table}_kept ON {table}")
        editor.execute("DROP FUNCTION warnings_kept()")
        return
    for table in TABLES:
        for act in ("update", "delete"):
            editor.execute(f"DROP TRIGGER {table}_no_{act}")


class Migration(migrations.Migration):
    """Triggers against change and removal."""

    dependencies = [("warnings", "0001_warnings")]
    operations = [migrations.RunPython(protect, release)]
