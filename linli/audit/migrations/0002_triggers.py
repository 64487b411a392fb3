"""The database itself refuses to change or remove what was recorded."""

from django.db import migrations

TABLES = {
    "audit_entry": "(township = NEW.township AND seq = NEW.seq)",
    "audit_root": "(township = NEW.township AND day = NEW.day)",
}
REFUSAL = "The trail is append-only: rows of %s are never changed or removed."

SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{refusal}'); END
"""
# INSERT OR REPLACE removes the row in its way without asking the trigger on DELETE.
SQLITE_REPLACE = """
CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id OR {place})
BEGIN SELECT RAISE(ABORT, '{refusal}'); END
"""
POSTGRES_FUNCTION = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%', format(TG_ARGV[0], TG_TABLE_NAME) USING ERRCODE = 'restrict_violation'; END $$
"""
POSTGRES = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse('{refusal}')
"""


def refuse(apps, schema_editor):
    run = lambda sql: schema_editor.execute(sql, params=None)
    if schema_editor.connection.vendor == "postgresql":
        run(POSTGRES_FUNCTION)
        for table in TABLES:
            run(POSTGRES.format(table=table, refusal=REFUSAL))
        return
    for table, place in TABLES.items():
        for verb in ("update", "delete"):
            run(SQLITE.format(table=table, verb=verb, refusal=REFUSAL % table))
        run(SQLITE_REPLACE.format(table=table, place=place, refusal=REFUSAL % table))


def allow(apps, schema_editor):
    run = lambda sql: schema_editor.execute(sql, params=None)
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            run(f"DROP TRIGGER {table}_append_only ON {table}")
        run("DROP FUNCTION audit_refuse()")
        return
    for table in TABLES:
        for verb in ("update", "delete", "replace"):
            run(f"DROP TRIGGER {table}_no_{verb}")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(refuse, allow)]
