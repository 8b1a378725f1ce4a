"""What may newly be bought through a channel, and no longer; says nothing of what is held."""

from collections.abc import Iterable

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
"""Part of the last whole list that a list has at least; one that is shorter lost a page, and is
compared with nothing. The semi-annual reviews take some 30 lines of 600."""


def eligibility_changes(lists: pl.DataFrame) -> pl.DataFrame:
    """The lines that ``lists`` (ELIGIBLE) gained and lost, in the schema SOUTHBOUND_ELIGIBILITY.

    Each whole list is compared with the last whole one before it of its channel, however old; a
    channel's first list is taken for whole and changes nothing. A list may come on several pages,
    so all captures of a channel and session make one list; one that lacks more than a fifth of the
    last whole one is not whole.
    """
    lines = lists.sort("known_at").unique(
        ["channel", "session", "code"], keep="last", maintain_order=True
    )
    days = lines.group_by("channel", "session").len().sort("channel", "session")
    days = days.filter(pl.Series(_whole(days["channel"], days["len"]), dtype=pl.Boolean))
    lines = lines.join(days, on=["channel", "session"], how="semi")
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


def _whole(channels: Iterable[str], lengths: Iterable[int]) -> list[bool]:
    """Whether each list, by session, is whole beside the last whole one of its channel."""
    last: dict[str, int] = {}
    whole: list[bool] = []
    for channel, length in zip(channels, lengths, strict=True):
        whole.append(length >= WHOLE * last.get(channel, 0))
        if whole[-1]:
            last[channel] = length
    return whole
