"""Sums and correlations over the last rows of a series; which rows belong together is not its care.

A sum over a window is built by doubling (of 20 rows: two, four, five, ten, twenty), so it is the
same tree of additions wherever the window stands: nothing drifts as running sums of floats do,
nothing overflows as running sums of integer squares do, and a null reaches exactly the windows
that hold it. Results start later than their input and end with it, at the same last row.
"""

import polars as pl

ROUNDING = 1e-13
"""A variance below this part of the squares it is the difference of is rounding, not variance."""


def trailing_sum(values: pl.Series, times: int, *, apart: int) -> pl.Series:
    """The sums of ``times`` values, the last and those each ``apart`` rows before it.

    Of sums over ``apart`` neighbouring rows it makes sums over ``times * apart`` rows. The result
    is ``(times - 1) * apart`` rows shorter, empty where the values are fewer.
    """
    total, covered = pl.Series(dtype=values.dtype), 0
    power, width = values, 1
    while covered < times:
        if times & width:
            total = _with_earlier(total, power, covered * apart) if covered else power
            covered += width
        if covered < times:
            power = _with_earlier(power, power, width * apart)
            width *= 2
    return total


def correlation_of_changes(x: pl.Series, y: pl.Series, changes: int) -> pl.Series:
    """Pearson correlation of the last ``changes`` changes of ``x`` with those of ``y``, in [-1, 1].

    Null where one of the values is null or one side does not vary. ``changes`` is a multiple
    of 20. The result is ``changes`` rows shorter than ``x`` and ``y``.
    """
    change_x, change_y = _change(x, 1), _change(y, 1)
    whole_x, whole_y = _change(x, changes), _change(y, changes)

    def times_spread(product: pl.Series, wholes: pl.Series) -> tuple[pl.Series, pl.Series]:
        of_20 = trailing_sum(trailing_sum(product, 5, apart=1), 4, apart=5)
        scaled = trailing_sum(of_20, changes // 20, apart=20) * float(changes)
        return scaled - wholes, scaled

    spread_x, squares_x = times_spread(change_x * change_x, whole_x * whole_x)
    spread_y, squares_y = times_spread(change_y * change_y, whole_y * whole_y)
    together, _ = times_spread(change_x * change_y, whole_x * whole_y)
    varies = (spread_x > squares_x * ROUNDING) & (spread_y > squares_y * ROUNDING)
    correlation = together / (spread_x * spread_y).sqrt()
    if ((correlation > 1.0) | (correlation < -1.0)).any():  # rare, and to clip costs ten times this
        correlation = correlation.clip(-1.0, 1.0)
    return correlation.zip_with(varies, pl.Series([None], dtype=pl.Float64))


def _change(values: pl.Series, rows: int) -> pl.Series:
    return values.slice(rows) - values.slice(0, values.len() - rows)


def _with_earlier(recent: pl.Series, earlier: pl.Series, ago: int) -> pl.Series:
    """``recent`` plus ``earlier`` of ``ago`` rows before, where there are both."""
    earlier = earlier.head(max(earlier.len() - ago, 0))
    height = min(recent.len(), earlier.len())
    return recent.tail(height) + earlier.tail(height)
