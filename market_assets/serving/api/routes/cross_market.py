"""The markets beside each other in one currency."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from market_assets.serving.api.described import rows_of
from market_assets.serving.api.pages import Question, answered
from market_assets.serving.api.parameters import Listing

router = APIRouter(tags=["Neighbours"])

TABLE = "africa.cross_market"


@router.get("/cross-market", responses=rows_of(TABLE, ["ngx", "egx"], None, {}))
def cross_market(request: Request, asked: Annotated[Listing, Query()]) -> Response:
    """Market capitalisation, turnover, breadth and returns of each market, newest first."""
    return answered(request, asked, Question(table=TABLE, order=None))
