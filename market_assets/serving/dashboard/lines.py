"""The choice of one line, such as a company or a stock, by its code or its name."""

from collections.abc import Mapping

from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.state import choice


def chosen(
    data: Data, label: str, *, table: str, column: str, usual: str
) -> tuple[str, Mapping[str, str]]:
    """The line that is chosen of those in ``table``, and how each is called by its newest row.

    ``column`` has the line's code, and is its name in the address; ``usual`` stands where nobody
    chose and it is there.
    """
    names: dict[str, str] = dict(
        data.rows(
            f"SELECT {column}, arg_max(name, session) FROM {table} GROUP BY 1 ORDER BY 1"
        ).iter_rows()
    )
    line = choice(
        label,
        list(names),
        name=column,
        default=usual if usual in names else next(iter(names)),
        told=lambda each: f"{each} · {names[each]}",
    )
    return line, names
