"""What may newly be bought through a channel, and no longer; says nothing of what is held."""

import polars as pl

SOUTHBOUND_ELIGIBILITY = pl.Schema(
    {
        "session": pl.Date,
        "channel": pl.String,
        "code": pl.String,
        "name": pl.String,
        "change": pl.String,
        "list_before": pl.Date,
    }
)
"""``change`` is added or removed, against the channel's list of ``list_before``; a removed line
may still be sold, so it can stay held."""


WHOLE = 0.8
"""Part of the list before that a list has at least; one that is shorter lost a page, and is
compared with nothing. The semi-annual reviews take some 30 lines of 600."""


def eligibility_changes(lists: pl.DataFrame) -> pl.DataFrame:
    """The lines that ``lists`` (ELIGIBLE) gained and lost, in the schema SOUTHBOUND_ELIGIBILITY.

    Each list is compared with the last one before it of its channel, however old; a channel's
    first list changes nothing. A list may come on several pages, so all captures of a channel and
    session make one list; one that lacks more than a fifth of the one before
    is not compared.
    """
    lines = lists.sort("known_at").unique(
        ["channel", "session", "code"], keep="last", maintain_order=True
    )
    days = lines.group_by("channel", "session").len().sort("channel", "session")
    lost = pl.col("len") < WHOLE * pl.col("len").shift().over("channel")
    lines = lines.join(days.filter(lost), on=["channel", "session"], how="anti")
    days = lines.select("channel", "session").unique().sort("channel", "session")
    neighbours = days.with_columns(
        list_before=pl.col("session").shift().over("channel"),
        list_after=pl.col("session").shift(-1).over("channel"),
    )
    dated = lines.select("channel", "session", "code", "name").join(
        neighbours, on=["channel", "session"]
    )
    line = ["channel", "code"]
    added = dated.filter(pl.col("list_before").is_not_null()).join(
        dated, left_on=[*line, "list_before"], right_on=[*line, "session"], how="anti"
    )
    removed = (
        dated.filter(pl.col("list_after").is_not_null())
        .join(dated, left_on=[*line, "list_after"], right_on=[*line, "session"], how="anti")
        .with_columns(list_before=pl.col("session"), session=pl.col("list_after"))
    )
    columns = SOUTHBOUND_ELIGIBILITY.names()
    return pl.concat(
        [
            added.with_columns(change=pl.lit("added")).select(columns),
            removed.with_columns(change=pl.lit("removed")).select(columns),
        ]
    ).sort("session", "channel", "code", "change")
