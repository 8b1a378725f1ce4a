"""Tables printed whole, however narrow the console: a cut name or number would be a wrong one."""

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table


def print_whole(console: Console, table: Table) -> None:
    """Print each row on a line of its own, and widen ``console`` where it takes that."""
    boundless = console.options.update(max_width=100_000)
    console.width = max(console.width, Measurement.get(console, boundless, table).maximum)
    console.print(table)
