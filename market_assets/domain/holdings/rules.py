"""The rules that the tables built on the holdings keep: counts the rows that break them."""

import polars as pl

COUNTS = ("rising", "falling", "unchanged", "new", "exited", "suspect", "base_missing")
PARTS = ("top5_share", "top10_share", "full_circulation_share")


def breadth_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of BREADTH."""
    return counted(
        rows,
        duplicate_row=pl.col("session").is_duplicated(),
        negative_count=pl.any_horizontal(pl.col(c) < 0 for c in COUNTS),
    )


def new_holdings_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of NEW_HOLDINGS."""
    seen_before = pl.col("previous_last_seen").is_not_null()
    return counted(
        rows,
        duplicate_row=pl.struct("code", "session").is_duplicated(),
        seen_after_the_entry=pl.max_horizontal("first_seen", "previous_last_seen")
        > pl.col("session"),
        re_entry_of_what_never_left=(pl.col("entry") == "re_entry") != seen_before,
    )


def streaks_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of STREAKS."""
    return counted(
        rows,
        duplicate_row=pl.struct("code", "session").is_duplicated(),
        change_after_the_session=pl.col("last_change") > pl.col("session"),
        streak_without_change=(pl.col("streak") != 0) & pl.col("last_change").is_null(),
    )


def eligibility_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of SOUTHBOUND_ELIGIBILITY."""
    return counted(
        rows,
        duplicate_row=pl.struct("channel", "code", "session").is_duplicated(),
        list_not_before=pl.col("list_before") >= pl.col("session"),
        malformed_code=~pl.col("code").str.contains(r"^\d{5}$").fill_null(value=False),
    )


def concentration_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of CONCENTRATION."""
    return counted(
        rows,
        duplicate_row=pl.struct("code", "session").is_duplicated(),
        part_out_of_range=~pl.all_horizontal(pl.col(c).is_between(0, 1) for c in PARTS),
        five_hold_more_than_ten=pl.col("top5_share") > pl.col("top10_share"),
    )


def quality_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of HOLDINGS_DATA_QUALITY."""
    return counted(
        rows,
        duplicate_row=pl.struct("source", "session").is_duplicated(),
        score_out_of_range=~pl.col("score").is_between(0, 1).fill_null(value=False),
        score_without_rows=(pl.col("stated") == 0) & (pl.col("score") > 0),
    )


def disagreements_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of DISAGREEMENTS."""
    return counted(
        rows,
        duplicate_row=pl.struct(rows.columns).is_duplicated(),
        no_disagreement=(pl.col("value") == pl.col("chosen")).fill_null(value=False),
    )


def statements_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of HOLDINGS with ``replaced_at``: what the pages of one source say of Southbound."""
    return counted(
        rows,
        duplicate_row=pl.struct("source", "channel", "code", "session", "known_at").is_duplicated(),
        replaced_before_it_was_known=pl.col("replaced_at") <= pl.col("known_at"),
        negative_shares=pl.col("shares") < 0,
    )


def counted(rows: pl.DataFrame, **faults: pl.Expr) -> dict[str, int]:
    """How many of ``rows`` each expression is true of."""
    return rows.select(broken.sum().alias(name) for name, broken in faults.items()).row(
        0, named=True
    )
