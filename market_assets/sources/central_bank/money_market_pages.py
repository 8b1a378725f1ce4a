"""Bank Al-Maghrib's money market: the interbank rate, MONIA and the curve of Treasury bills.

Amounts are in millions of dirhams (the page says so above the table). The interbank rate is stated
for every calendar day; on a day without a market its volume is ``-`` and the rate is the last one.
"""

from collections.abc import Iterable
from typing import Any

from market_assets.sources.central_bank.bkam_rows import (
    Said,
    day,
    millions,
    observations,
    percent,
    read_table,
)
from market_assets.sources.central_bank.bkam_tables import Page, Row, Table, fold
from market_assets.web.failures import LayoutChanged

INTERBANK_HEADINGS = ("date", "taux moyen pondere", "volume jj", "encours")
MONIA_HEADINGS = ("indice monia", "volume jj", "date de reference", "date de publication")
CURVE_HEADINGS = ("date d'echeance", "transaction", "taux moyen pondere", "date de la valeur")
TOTAL = "total"


def interbank(table: Table, page: Page) -> Said:
    """The weighted mean rate, the overnight volume and the outstanding amount of each day."""
    _require_millions(page)

    def read(row: Row) -> Iterable[dict[str, Any]]:
        said = table.by_heading(row)
        values = {
            "interbank.rate": percent(said["taux moyen pondere"]),
            "interbank.volume": millions(said["volume jj"]),
            "interbank.outstanding": millions(said["encours"]),
        }
        return observations(day(said["date"]), values, published=None)

    return read_table("observations", table, read)


def monia(table: Table, page: Page) -> Said:
    """The index and its volume on each business day, with the day of publication."""
    _require_millions(page)

    def read(row: Row) -> Iterable[dict[str, Any]]:
        said = table.by_heading(row)
        values = {
            "monia.rate": percent(said["indice monia"]),
            "monia.volume": millions(said["volume jj"]),
        }
        published = day(said["date de publication"])
        return observations(day(said["date de reference"]), values, published=published)

    return read_table("observations", table, read)


def curve(table: Table, page: Page) -> Said:
    """The points of the curve; its last row, the total of transactions, is none."""
    _require_millions(page)

    def read(row: Row) -> Iterable[dict[str, Any]]:
        said = table.by_heading(row)
        if fold(said["date d'echeance"]) == TOTAL:
            return
        matures, shown = day(said["date d'echeance"]), day(said["date de la valeur"])
        if matures <= shown:
            raise ValueError(f"matures on {matures}, not after {shown}")
        rate = percent(said["taux moyen pondere"])
        if rate is None:
            raise ValueError("no rate is stated")
        yield {
            "maturity_date": matures,
            "reference_date": shown,
            "rate": rate,
            "volume": millions(said["transaction"]),
        }

    return read_table("treasury_curve", table, read)


def _require_millions(page: Page) -> None:
    if page.in_millions is False:
        raise LayoutChanged("the page does not say that its amounts are in millions of dirhams")
