"""Names and texts as SQL wants them: quoted, so that none is taken for anything else."""

from market_assets.warehouse.failures import TableRefused

OWN_SCHEMA = "meta"
"""What the warehouse keeps about itself; never a caller's table."""


def identifier(name: str) -> str:
    """``name`` as a quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """``text`` as a string literal, for the statements that take no parameters."""
    return "'" + text.replace("'", "''") + "'"


def schema_and_name(table: str) -> tuple[str, str]:
    """The two halves of "schema.name"; raises ``TableRefused`` for any other form."""
    match table.split("."):
        case [schema, name] if schema and name and schema.lower() != OWN_SCHEMA:
            return schema, name
        case _:
            raise TableRefused(f"{table!r} is not a table's name: schema.name, and not in meta")


def table_identifier(table: str) -> str:
    """The table's name, quoted part by part."""
    return ".".join(identifier(part) for part in schema_and_name(table))
