"""A copy of the warehouse's file, made by the one connection that may open it."""

from pathlib import Path

from market_assets.warehouse.names import identifier, literal
from market_assets.warehouse.opening import STORAGE_VERSION
from market_assets.warehouse.tables import Warehouse


def copy_to(warehouse: Warehouse, target: Path) -> None:
    """Write all of ``warehouse``, as one moment has it, to ``target``, which must not exist."""
    with warehouse.connected() as connection:
        [(home,)] = connection.execute("SELECT current_database()").fetchall()
        connection.execute(
            f"ATTACH {literal(str(target))} AS copied (STORAGE_VERSION '{STORAGE_VERSION}')"
        )
        connection.execute(f"COPY FROM DATABASE {identifier(home)} TO copied")
        connection.execute("CHECKPOINT copied")
        connection.execute("DETACH copied")
