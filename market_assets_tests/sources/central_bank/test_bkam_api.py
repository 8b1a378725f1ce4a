"""The official API: real answers, doubles, old rows, no data, and keys that are never kept."""

import gzip
import json
from datetime import UTC, date, datetime, timedelta

import pytest

from market_assets.sandbox.central_bank.bkam_api import KEYS
from market_assets.sources.central_bank.bkam_api import KEY_HEADER, SOURCE, Keys, keyed, parse
from market_assets.sources.source import Ask
from market_assets.web.failures import Blocked, EmptyPage, LayoutChanged, NotThisPage
from market_assets_tests.sources.central_bank.conftest import evening
from market_assets_tests.sources.conftest import capture

EURO = {"date": "2026-03-26T12:30:00", "libDevise": "EUR", "moyen": 10.8, "uniteDevise": 1}


def next_evening(day):
    """When the curve of ``day`` is out too."""
    return evening(day) + timedelta(days=1)


def read(rows, **more):
    body = rows if isinstance(rows, str) else json.dumps(rows)
    return parse(capture(SOURCE, body, key="reference_rates/2026-03-26", **more))


def rates(parsed):
    columns = ("currency", "reference_date", "kind", "unit_count", "mid", "bid", "ask")
    return parsed.tables["exchange_rates"].select(columns).sort("currency").rows()


def test_the_reference_rates_of_25_march_come_back_whole(samples):
    text = (samples / "bam_africa/fx/bam_CoursVirement_2026-03-25.json").read_text()
    parsed = read(text)
    said = {currency: row for currency, *row in rates(parsed)}
    raw = {row["libDevise"]: row for row in json.loads(text)}
    raw["MRU"] = raw.pop("MRO")
    assert (len(said), parsed.refused) == (30, ())
    assert {code: row[3] for code, row in said.items()} == {
        code: row["moyen"] for code, row in raw.items()
    }
    assert said["USD"][:4] == [date(2026, 3, 25), "reference", 1, 9.3189]
    assert said["MRU"][2] == 100


def test_58_rows_for_30_currencies_are_30_rates(samples):
    rows = json.loads((samples / "bam_africa/fx/bam_CoursVirement_2026-03-25.json").read_text())
    assert rates(read([*rows, *rows[:28]])) == rates(read(rows))


def test_the_real_banknotes_come_twice_and_are_fifteen(samples):
    parsed = read((samples / "bam_africa/fx/bam_CoursBBE_2023-05-12.json").read_text())
    said = {currency: row for currency, *row in rates(parsed)}
    assert (len(said), parsed.refused) == (15, ())
    assert said["EUR"] == [date(2023, 5, 12), "banknote", 1, None, 9.9878, 11.6074]
    assert said["NOK"][2] == 100


def test_two_rates_of_one_currency_are_both_refused():
    dollar = {**EURO, "libDevise": "USD"}
    parsed = read([EURO, {**EURO, "moyen": 10.9}, dollar])
    assert [row[0] for row in rates(parsed)] == ["USD"]
    assert [(line.kind, line.reason) for line in parsed.refused] == [
        ("conflicting_rows", "2 rows of EUR 2026-03-26 reference differ")
    ] * 2


def test_old_rows_state_bid_and_ask():
    row = {
        "date": "1999-01-04T14:00:00",
        "libDevise": "EUR",
        "achat": 10.8,
        "vente": 10.9,
        "uniteDevise": 1,
    }
    assert rates(read([row])) == [("EUR", date(1999, 1, 4), "reference", 1, None, 10.8, 10.9)]


def test_a_point_belongs_to_the_day_of_its_curve_in_percent_and_dirhams():
    row = {
        "dateEcheance": "2027-02-15",
        "dateValeur": "2026-07-14T00:00:00",
        "dateCourbe": "2026-07-13T00:00:00",
        "tmp": 2.2,
        "volume": 12.5,
    }
    table = read([row]).tables["treasury_curve"].drop("source", "capture_id", "known_at")
    assert table.rows() == [(date(2027, 2, 15), date(2026, 7, 13), 2.2, 12_500_000.0)]
    with pytest.raises(EmptyPage, match="matures on 2026-07-13, not after 2026-07-13"):
        read([{**row, "dateEcheance": "2026-07-13"}])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"libDevise": "euro"}, "'euro' is not a currency"),
        ({"uniteDevise": 0}, "a unit of 0"),
        ({"uniteDevise": 1.5}, "1.5 is not a whole number"),
        ({"uniteDevise": None}, "a unit of None"),
        ({"moyen": None}, "no rate is stated"),
        ({"moyen": "10,8"}, "'10,8' is not a JSON number"),
        ({"moyen": -1}, "a rate of -1.0"),
        ({"date": "26/03/2026"}, "'26/03/2026' is not a day or an instant"),
        ({"date": "2026-02-30T12:30:00"}, "'2026-02-30' is not a date of the form %Y-%m-%d"),
    ],
)
def test_a_row_that_cannot_be_trusted_is_put_aside(change, reason):
    parsed = read([{**EURO, "libDevise": "USD"}, EURO | change])
    assert [line.reason for line in parsed.refused] == [reason]
    assert [row[0] for row in rates(parsed)] == ["USD"]


@pytest.mark.parametrize(
    ("body", "status", "failure", "words"),
    [
        ("", 204, EmptyPage, r"no data \(204\)"),
        ("[]", 200, EmptyPage, r"no data \(\[\]\)"),
        ('[{"a": 1}]', 200, LayoutChanged, r"with the fields \['a'\]"),
        ('{"message": "x"}', 200, LayoutChanged, "no JSON list"),
        ('[{"date": ', 200, LayoutChanged, "not whole JSON"),
        ("<html></html>", 200, NotThisPage, "markup"),
        ("{}", 401, Blocked, "status 401"),
    ],
)
def test_what_is_no_answer_of_rows_is_a_typed_failure(body, status, failure, words):
    with pytest.raises(failure, match=words):
        read(body, status=status)


def test_each_product_is_asked_with_its_own_key_and_without_one_not_at_all():
    ask = Ask(sessions=(date(2026, 7, 13),))
    requests = list(keyed(Keys(exchange="a", bonds="b")).snapshot(ask))
    assert [(x.key, x.headers[KEY_HEADER]) for x in requests] == [
        ("reference_rates/2026-07-13", "a"),
        ("banknotes/2026-07-13", "a"),
        ("curve/2026-07-13", "b"),
    ]
    assert requests[0].params == {"date": "2026-07-13T12:30:00"}
    assert [x.key for x in keyed(Keys(exchange=None, bonds="b")).snapshot(ask)] == [
        "curve/2026-07-13"
    ]
    assert list(SOURCE.snapshot(ask)) == []


def test_the_sandbox_comes_back_as_it_was_invented(held, figures, quiet_day):
    source = keyed(KEYS)
    collected = held(source, source.snapshot, [quiet_day], next_evening(quiet_day))
    assert (collected.failure, collected.handled) == (None, ())
    reference, notes, curve = map(parse, collected.captures)
    mids = {
        ("MRU" if code == "MRO" else code): mid
        for code, mid in figures.reference(quiet_day).items()
    }
    assert {row[0]: row[4] for row in rates(reference)} == mids
    assert len(rates(notes)) == 20
    points = curve.tables["treasury_curve"].select("maturity_date", "rate").sort("maturity_date")
    assert points.rows() == [(matures, rate) for matures, rate, _ in figures.curve(quiet_day)]


def test_no_key_is_ever_in_the_archive(held, quiet_day, archive):
    source = keyed(KEYS)
    collected = held(source, source.snapshot, [quiet_day], evening(quiet_day))
    assert collected.captures
    kept = b"".join(gzip.decompress(x.read_bytes()) for x in archive.directory.rglob("*.warc.gz"))
    assert KEY_HEADER.encode() in kept
    assert b"withheld" in kept
    for secret in (KEYS.exchange, KEYS.bonds):
        assert secret.encode() not in kept
        assert secret not in repr(KEYS)


def test_a_wrong_key_is_a_wall_that_ends_the_conversation(held, quiet_day):
    source = keyed(Keys(exchange="wrong", bonds=None))
    collected = held(source, source.snapshot, [quiet_day], evening(quiet_day))
    assert isinstance(collected.failure, Blocked)


@pytest.mark.parametrize(("fault", "told"), [("doubles", (30, 0)), ("conflict", (29, 2))])
def test_planted_doubles_are_one_and_planted_conflicts_none(held, day_with, fault, told):
    day, source = day_with("bkam_api", fault), keyed(KEYS)
    reference, *_ = held(source, source.snapshot, [day], next_evening(day)).captures
    parsed = parse(reference)
    assert (len(rates(parsed)), len(parsed.refused)) == told


def test_a_day_without_figures_is_empty_and_never_another_days(held, quiet_day, day_with):
    source, sunday = keyed(KEYS), quiet_day - timedelta(days=1)
    for answer in held(source, source.snapshot, [sunday], evening(quiet_day)).captures:
        with pytest.raises(EmptyPage, match="204"):
            parse(answer)
    day = day_with("bkam_api", "empty")
    *_, curve = held(source, source.snapshot, [day], next_evening(day)).captures
    with pytest.raises(EmptyPage, match=r"\[\]"):
        parse(curve)


def test_a_limit_that_is_met_is_waited_for(held, day_with):
    source, day = keyed(KEYS), day_with("bkam_api", "too_many")
    assert len(held(source, source.snapshot, [day], next_evening(day)).captures) == 3


def test_nothing_is_out_before_its_time(held, quiet_day):
    source = keyed(KEYS)
    dawn = datetime(quiet_day.year, quiet_day.month, quiet_day.day, 5, tzinfo=UTC)
    answers = held(source, source.snapshot, [quiet_day], dawn).captures
    assert [answer.status for answer in answers] == [204, 204, 204]
