"""Codes that came and went, and which of those are one holding under another code.

During a split a stock trades under a temporary code (029xx), its holding sits there, and the
original code shows nothing; a transfer between boards gives a new code for good; the counters of
one stock were merged on ``COUNTERS_MERGED``. None of that is an exit and a new holding.
"""

from collections.abc import Sequence
from datetime import date

import polars as pl

from market_assets.domain.holdings.numbering import LINE, REACH, numbered, published
from market_assets.domain.holdings.splits import looks_split

TEMPORARY = r"^029\d\d$"
"""The codes that stand in during a split."""

COUNTERS_MERGED = date(2025, 6, 30)
"""Since then HKEX shows a stock with several counters at one of them only; before, each apart."""

COUNTER_NAME = "-HKD TRADED SHARES"
COUNTER_MARK = (
    r"\s*-\s*(?:TEMPORARY COUNTER|OLD|(?:HKD|RMB) (?:TRADED (?:SHARES|UNITS)|COUNTER))\s*$"
)
"""How the end of a name says that it is of one of several counters; the first, of that which counts
in Hong Kong dollars. The counter in renminbi has 8 and the last four digits of its code."""

SETTLEMENT_GAP = 3
"""Sessions in which neither code shows a holding: what is settled in the old one comes T+2."""

CODE_CHANGES = pl.Schema(
    {"session": pl.Date, "vanished": pl.String, "entered": pl.String, "by": pl.String}
)
"""``vanished`` and ``entered`` look like one holding, told ``by`` name, shares or ratio;
``session`` is where the new code has its first row."""


def code_changes(holdings: pl.DataFrame, sessions: Sequence[date]) -> pl.DataFrame:
    """The pairs of a code that vanished and one that entered, in the schema CODE_CHANGES.

    A new code may follow up to ``SETTLEMENT_GAP`` sessions later. They are one holding where they
    have one name (but for what marks a counter), or the same shares, or where one of the codes is
    temporary and the holding looks split.
    """
    rows = numbered(holdings, sessions)
    known = published(rows, sessions)
    return matched(entered_rows(rows, known), vanished_rows(rows, known)).select(
        CODE_CHANGES.names()
    )


def entered_rows(rows: pl.DataFrame, known: pl.Series) -> pl.DataFrame:
    """The rows (numbered) before which their code has none within reach, though others do."""
    key, number = pl.col("key"), pl.col("number")
    floor = key - pl.min_horizontal(number, pl.lit(1 + REACH))
    first = rows.filter((key.shift() < floor).fill_null(value=True))
    return first.filter(known_before(known, 1).gather(first["number"]))


def known_before(known: pl.Series, horizon: int) -> pl.Series:
    """Of each session whether any of those that a base ``horizon`` before may be of is known."""
    return (
        known.cast(pl.Int8)
        .rolling_max(REACH + 1, min_samples=1)
        .shift(horizon, fill_value=0)
        .cast(pl.Boolean)
    )


def vanished_rows(rows: pl.DataFrame, known: pl.Series) -> pl.DataFrame:
    """The last rows (numbered) before their code has none though others do; ``gone`` is when."""
    key, number = pl.col("key"), pl.col("number")
    last = rows.with_columns(next_key=key.shift(-1)).filter(
        (pl.col("next_key") != key + 1).fill_null(value=True)
    )
    numbers = pl.int_range(known.len(), dtype=pl.Int32, eager=True)
    following = pl.select(pl.when(known).then(numbers).backward_fill().shift(-1)).to_series()
    return (
        last.with_columns(gone=following.gather(last["number"]))
        .filter(pl.col("gone").is_not_null())
        .filter(pl.col("next_key").ne_missing(key - number + pl.col("gone")))
        .drop("next_key")
    )


def matched(entered: pl.DataFrame, vanished: pl.DataFrame) -> pl.DataFrame:
    """Each row of ``entered`` beside those of ``vanished`` that seem to be the same holding."""
    lags = pl.int_ranges(0, SETTLEMENT_GAP + 1)
    gone = vanished.select(
        "gone",
        vanished="code",
        old_shares="shares",
        old_percent="percent",
        stem=stem(pl.col("name")),
        number=pl.col("gone") + lags.cast(pl.List(pl.Int32)),
    ).explode("number")
    pairs = entered.select(
        "number",
        "session",
        "key",
        "shares",
        "percent",
        entered="code",
        new_stem=stem(pl.col("name")),
    ).join(gone, on="number")
    temporary = pl.any_horizontal(
        pl.col(c).str.contains(TEMPORARY) for c in ("entered", "vanished")
    )
    split = looks_split(
        pl.col("shares"), pl.col("old_shares"), pl.col("percent"), pl.col("old_percent")
    )
    by = (
        pl.when(pl.col("stem") == pl.col("new_stem"))
        .then(pl.lit("name"))
        .when((pl.col("shares") == pl.col("old_shares")) & (pl.col("shares") > 0))
        .then(pl.lit("shares"))
        .when(temporary & split)
        .then(pl.lit("ratio"))
    )
    return (
        pairs.with_columns(by=by)
        .filter(pl.col("by").is_not_null() & (pl.col("entered") != pl.col("vanished")))
        .sort("session", "vanished", "entered")
    )


def multi_counter_lines(rows: pl.DataFrame, number: int, after: int) -> pl.Series:
    """The first keys of the codes that are one of several counters of a stock.

    Looked for among ``rows`` (numbered) of the sessions around ``number``, up to ``after`` later.
    """
    around = rows.filter(pl.col("number").is_between(number - after, number + after))
    codes = around["code"].unique()
    first, rest = pl.col("code").str.head(1), pl.col("code").str.slice(1)
    other = (
        pl.when(first == "8").then(pl.lit("0") + rest).when(first == "0").then(pl.lit("8") + rest)
    )
    counters = pl.col("name").str.contains(COUNTER_NAME, literal=True) | other.is_in(
        codes.implode()
    )
    return around.filter(counters).select(pl.col("key") // LINE * LINE)["key"].unique().sort()


def stem(name: pl.Expr) -> pl.Expr:
    """The name without what marks a counter of the stock."""
    return name.str.to_uppercase().str.replace(COUNTER_MARK, "").str.strip_chars()
