"""What questions have in common: the format, the page, the span of days; unknown ones refused."""

from datetime import date
from typing import Annotated, Self

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, model_validator

from market_assets.serving.api.formats import Format

MOST_ROWS = 10_000
"""Of one page, in any format."""


class Formatted(BaseModel):
    """In which format the rows are wanted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Annotated[Format, Field(description="JSON, or a file to take away.")] = Format.json


class Listing(Formatted):
    """Which page of the rows is wanted."""

    limit: Annotated[int, Field(ge=1, le=MOST_ROWS, description="Most rows of the page.")] = 250
    cursor: Annotated[
        str | None,
        Field(min_length=1, max_length=1000, description="meta.next of the page before."),
    ] = None


class Span(Listing):
    """Between two days, both included; either may be open."""

    start: Annotated[date | None, Field(description="First day.", examples=["2026-10-01"])] = None
    end: Annotated[date | None, Field(description="Last day.", examples=["2026-11-20"])] = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.start and self.end and self.start > self.end:
            raise ValueError(f"start {self.start} is after end {self.end}")
        return self


Ticker = Annotated[
    str,
    Path(
        pattern=r"^[A-Za-z0-9.&-]{1,16}$",
        description="The exchange's own ticker.",
        examples=["ATW"],
    ),
]
Code = Annotated[
    str,
    Path(
        pattern=r"^[0-9]{1,5}$",
        description="The stock's code in Hong Kong, with or without leading zeros.",
        examples=["00700"],
    ),
]
