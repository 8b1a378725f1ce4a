"""The invented bank's web site: which page or export answers which address.

A request without a User-Agent is refused, as at the real one.
"""

from collections.abc import Callable
from datetime import date

from market_assets.sandbox.central_bank import exchange_format, money_format, rates_format
from market_assets.sandbox.central_bank.moment import Moment
from market_assets.sandbox.messages import Answer, Question
from market_assets.sources.central_bank.bkam_requests import DAILY, SELDOM
from market_assets.sources.reading import stated_day

NOT_FOUND = Answer(body=b"<!DOCTYPE html><html><body>404</body></html>", status=404)
REFUSED = Answer(body=b"<!DOCTYPE html><html><body>Forbidden</body></html>", status=403)

Dated = Callable[[Moment, date | None], Answer]
Undated = Callable[[Moment], Answer]
DATED: dict[str, Dated] = {
    DAILY["reference_rates"]: exchange_format.reference,
    DAILY["banknotes"]: exchange_format.banknotes,
    DAILY["curve"]: money_format.curve,
    f"/export/blockcsv/{exchange_format.OBJECT}": exchange_format.reference_export,
    "/export/blockcsv/2340": money_format.curve_export,
}
UNDATED: dict[str, Undated] = {
    DAILY["interbank"]: money_format.interbank,
    DAILY["monia"]: money_format.monia,
    DAILY["interventions"]: money_format.interventions,
    SELDOM["policy_rate"]: rates_format.decisions,
    SELDOM["lending_rates"]: rates_format.lending,
    SELDOM["reserve_assets"]: rates_format.reserve_assets,
    SELDOM["bid_and_ask"]: rates_format.bid_and_ask,
    SELDOM["currency_auctions"]: rates_format.currency_auctions,
    "/export/blockcsv/973": money_format.interbank_export,
    "/export/blockcsv/566622": money_format.monia_export,
}


def answer(question: Question, moment: Moment) -> Answer:
    """What the site sends."""
    if not question.headers.get("user-agent"):
        return REFUSED
    export = question.path.startswith("/export/")
    path = "/".join(question.path.split("/")[:4]) if export else question.path
    if path in UNDATED:
        return UNDATED[path](moment)
    if path in DATED:
        asked = question.query.get("date")
        return DATED[path](moment, stated_day(asked, "%d/%m/%Y") if asked else None)
    return NOT_FOUND
