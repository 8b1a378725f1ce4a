"""The invented bank's pages and exports of the interbank market, MONIA and the Treasury curve."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from market_assets.sandbox.central_bank.figures import DAY, FIRST_DAY
from market_assets.sandbox.central_bank.moment import Moment
from market_assets.sandbox.central_bank.page import (
    block,
    csv,
    date_field,
    french,
    heading,
    no_record,
    number,
    page,
    table,
    whole,
)
from market_assets.sandbox.messages import Answer

SHOWN, EXPORTED, INTERVENED = 10, 1000, 30
FRENCH_MARKS = str.maketrans(",.", "\N{NO-BREAK SPACE},")
INTERBANK = ("Date", "Taux Moyen Pondéré", "Volume JJ", "Encours")
INTERBANK_IDS = ("d3239ec6d067cd9381f137545720a6c9", "ae14ce1a4ee29af53d5645f51bf0e97d")
MONIA = ("Indice MONIA", "Volume JJ", "Date de référence", "Date de publication")
MONIA_IDS = ("30551c1667f5f2004fb0019220d41795", "4734c7b73113d8d72895a19090974066")
CURVE = ("Date d'échéance", "Transaction", "Taux moyen pondéré", "Date de la valeur")
CURVE_IDS = ("c3367fcefc5f524397748201aee5dab8", "e1d6b9bbf87f86f8ba53e8518e882982")
INTERBANK_TITLE, MONIA_TITLE = "Marché monétaire interbancaire", "INDICE MONIA"
CURVE_TITLE = "Taux de référence des bons du Trésor"


def interbank(moment: Moment) -> Answer:
    """The newest ten days."""
    rows = [
        (f"{day:%d/%m/%Y}", number(x.rate, 3, "%"), whole(x.volume), whole(x.outstanding))
        for day in _days(moment, SHOWN)
        for x in [moment.figures.interbank(day)]
    ]
    field = '<input name="startDate" value=""><input name="endDate" value="">'
    return _page(INTERBANK_PLACE, rows, field, moment)


def interbank_export(moment: Moment) -> Answer:
    """The newest thousand days."""
    rows = [
        (
            f"{day:%d/%m/%Y}",
            f"{french(x.rate, 3)} %",
            "-" if x.volume is None else str(x.volume),
            str(x.outstanding),
        )
        for day in _days(moment, EXPORTED)
        for x in [moment.figures.interbank(day)]
    ]
    return csv([(INTERBANK_TITLE,), ("En millions de dirhams",), INTERBANK, *rows])


def monia(moment: Moment) -> Answer:
    """The newest ten business days."""
    rows = [
        (number(rate, 3, "%"), whole(volume), f"{day:%d/%m/%Y}", f"{published:%d/%m/%Y}")
        for day, published, rate, volume in _monia(moment, SHOWN)
    ]
    return _page(MONIA_PLACE, rows, date_field(""), moment)


def monia_export(moment: Moment) -> Answer:
    """The newest thousand business days."""
    rows = [
        (f"{french(rate, 3)} %", str(volume), f"{day:%d/%m/%Y}", f"{published:%d/%m/%Y}")
        for day, published, rate, volume in _monia(moment, EXPORTED)
    ]
    return csv([(MONIA_TITLE,), ("En millions de dirhams",), MONIA, *rows])


def curve(moment: Moment, asked: date | None) -> Answer:
    """The points of ``asked`` or the newest day, and their total."""
    day = asked or moment.curve
    if day > moment.curve or not moment.figures.is_business_day(day):
        return no_record(CURVE_TITLE, moment.now)
    rows = [
        (f"{matures:%d/%m/%Y}", number(0.0, 2, ""), number(rate, 3, "%"), f"{day:%d/%m/%Y}")
        for matures, rate, _ in moment.figures.curve(day)
    ]
    rows.append(("\n Total\n ", number(0.0, 2, ""), "", ""))
    field = date_field(f"{day:%d/%m/%Y}")
    return _page(CURVE_PLACE, rows, field, moment)


def curve_export(moment: Moment, asked: date | None) -> Answer:
    """The same as an export; of a day without a curve, its headings alone."""
    day = asked or moment.curve
    out = day <= moment.curve and moment.figures.is_business_day(day)
    rows = [
        (f"{matures:%d/%m/%Y}", "0,00", f"{french(rate, 3)} %", f"{day:%d/%m/%Y}")
        for matures, rate, _ in (moment.figures.curve(day) if out else ())
    ]
    total = [("Total", "0,00", "", "")] if out else []
    return csv([(CURVE_TITLE,), ("En millions de dirhams",), CURVE, *rows, *total])


def interventions(moment: Moment) -> Answer:
    """The newest thirty calendar days; headings, class and the marks of numbers are invented."""
    rows = [
        (f"{day:%d/%m/%Y}", f"{moment.figures.interventions(day):,.2f}".translate(FRENCH_MARKS))
        for day in (moment.today - n * DAY for n in range(INTERVENED))
    ]
    shown = table("dynamic_contents_ref_0", [map(heading, ("Date", "Encours"))], rows)
    unit = "<h3>En millions de dirhams</h3>"
    return page("Encours des interventions", unit + shown, moment.now)


class Place(NamedTuple):
    """Where a table stands: title, headings, the number of its class and its ids in the CMS."""

    title: str
    names: Sequence[str]
    template: int
    object_id: int
    ids: tuple[str, str]


INTERBANK_PLACE = Place(INTERBANK_TITLE, INTERBANK, 5, 973, INTERBANK_IDS)
MONIA_PLACE = Place(MONIA_TITLE, MONIA, 8, 566622, MONIA_IDS)
CURVE_PLACE = Place(CURVE_TITLE, CURVE, 12, 2340, CURVE_IDS)


def _page(place: Place, rows: Sequence[Sequence[str]], field: str, moment: Moment) -> Answer:
    shown = table(f"dynamic_contents_ref_{place.template}", [map(heading, place.names)], rows)
    body = block(
        shown,
        object_id=place.object_id,
        ids=place.ids,
        fields=field,
        millions=True,
        now=moment.now,
    )
    return page(place.title, body, moment.now)


def _days(moment: Moment, count: int) -> list[date]:
    """The newest calendar days of the interbank market, the newest first."""
    newest = moment.interbank
    days = [newest - n * DAY for n in range(count)]
    return [day for day in days if day > FIRST_DAY + 4 * DAY]


def _monia(moment: Moment, count: int) -> list[tuple[date, date, float, int]]:
    """Day, day of publication, index and volume, the newest first."""
    days, last = moment.figures.days, moment.figures.ordinal(moment.monia)
    places = range(last, max(last - count, -1), -1)
    return [(days[n], days[n + 1], *moment.figures.monia(days[n])) for n in places]
