"""Many rows at once: COPY on PostgreSQL, one prepared statement on SQLite.

`bulk_create` makes an object of every row, asks every field of it, and on SQLite binds at most 999
values in one statement: 16 cases.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection, models

Converter = Callable[[Any], Any]


def add_rows(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Iterable[Any]]
) -> None:
    """Insert rows of `model`; what `names` leaves out gets its field's default.

    The caller checks the values: only the database's own constraints are asked.

    Args:
        names: attribute names of concrete fields, such as `category_id`.
        rows: their values, in that order.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    rest = [field for name, field in fields.items() if name not in set(names)]
    constants = tuple(field.get_db_prep_save(field.get_default(), connection) for field in rest)
    converters = [
        (place, converter)
        for place, name in enumerate(names)
        if (converter := _converter(fields[name]))
    ]
    columns = [str(field.column) for field in (*(fields[name] for name in names), *rest)]
    _insert(model._meta.db_table, columns, _converted(rows, converters, constants))


def _converted(
    rows: Iterable[Iterable[Any]],
    converters: Sequence[tuple[int, Converter]],
    constants: tuple[Any, ...],
) -> Iterable[list[Any]]:
    for row in rows:
        values = list(row)
        for place, convert in converters:
            if values[place] is not None:
                values[place] = convert(values[place])
        values.extend(constants)
        yield values


def _converter(field: "models.Field[Any, Any]") -> Converter | None:
    if isinstance(field, models.JSONField):
        return lambda value: json.dumps(value, ensure_ascii=False)
    if connection.vendor == "postgresql":
        return None
    if isinstance(field, models.DateTimeField):
        return _as_sqlite_text
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    return (lambda value: value.hex) if isinstance(target, models.UUIDField) else None


@lru_cache(4096)  # one matter has the same moment in several columns
def _as_sqlite_text(moment: datetime) -> str:
    """Write a moment as Django's SQLite backend does, several times faster."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


def _insert(table: str, columns: Sequence[str], rows: Iterable[list[Any]]) -> None:
    quote = connection.ops.quote_name
    into = f"{quote(table)} ({', '.join(map(quote, columns))})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {into} VALUES ({places})", list(rows))  # noqa: S608 - names of our own fields
