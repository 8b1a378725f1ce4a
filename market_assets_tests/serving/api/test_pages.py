"""What the API says is what SQL says of the same file, whatever the format and the page."""

import io

import fastexcel
import polars as pl
import pyarrow as pa
import pytest
import requests
from polars.testing import assert_frame_equal

from market_assets.serving.api.facts import FactsOfVersions
from market_assets.serving.api.selection import Key, Selection, page_of
from market_assets.warehouse.reader import Published
from market_assets_tests.serving.api.conftest import Api
from market_assets_tests.serving.api.tables import MARTS, made

LISTS = {
    "/quotes/ATW": "FROM casablanca.daily_quotes WHERE ticker = 'ATW' ORDER BY session DESC",
    "/quotes": "FROM casablanca.daily_quotes WHERE session = '2026-11-20' ORDER BY ticker",
    "/quotes?session=2026-11-02": "FROM casablanca.daily_quotes WHERE session = '2026-11-02' "
    "ORDER BY ticker",
    "/quotes/ATW?mic=XNSA": "FROM africa.daily_quotes WHERE ticker = 'ATW' ORDER BY session DESC",
    "/quotes?mic=XNSA": "FROM africa.daily_quotes WHERE session = '2026-11-20' ORDER BY ticker",
    "/volume/iam?start=2026-11-01&end=2026-11-05": "FROM casablanca.volume_analysis "
    "WHERE ticker = 'IAM' AND session BETWEEN '2026-11-01' AND '2026-11-05' ORDER BY session DESC",
    "/volume/alerts?type=low_volume&active=true": "FROM casablanca.volume_alerts "
    "WHERE alert_type = 'low_volume' AND is_active ORDER BY ticker",
    "/volume/market": "FROM casablanca.market_volume_summary ORDER BY session DESC",
    "/volume/sectors?sector=telecoms": "FROM casablanca.sector_volume_analysis "
    "WHERE sector = 'Télécoms' ORDER BY session DESC",
    "/hkex/holdings/700": "FROM hkex.southbound_holdings WHERE code = '00700' "
    "ORDER BY session DESC",
    "/hkex/movers?horizon=5&measure=percent&side=bottom&most=2": "FROM hkex.movers "
    "WHERE session = '2026-11-20' AND horizon = 5 AND measure = 'percent' AND side = 'bottom' "
    "AND rank <= 2 ORDER BY rank",
    "/hkex/new-holdings": "FROM hkex.new_holdings ORDER BY session DESC, code",
    "/quality?market=hkex": "FROM hkex.holdings_data_quality ORDER BY session DESC",
    "/quality?below=0.6": "FROM casablanca.volume_data_quality WHERE score < 0.6 "
    "ORDER BY session DESC",
    "/exchange-rates?currency=eur": "FROM central_bank.exchange_rates WHERE currency = 'EUR' "
    "ORDER BY reference_date DESC",
    "/interest-rates": "FROM central_bank.policy_rate ORDER BY reference_date DESC",
    "/indicators?indicator=monia.rate": "FROM central_bank.indicators "
    "WHERE indicator_id = 'monia.rate' ORDER BY reference_date DESC",
    "/indicators?frequency=month": "FROM central_bank.indicators WHERE frequency = 'month'",
    "/banking-metrics": "FROM central_bank.banking_metrics ORDER BY reference_date DESC, dimension",
    "/banking-metrics?dimension=total": "FROM central_bank.banking_metrics "
    "WHERE dimension = 'total'",
    "/cross-market": "FROM africa.cross_market ORDER BY as_of DESC, measure, mic, currency",
    "/cross-market?market=XJSE&measure=market_cap&currency=USD&start=2026-11-19": "FROM "
    "africa.cross_market WHERE mic = 'XJSE' AND measure = 'market_cap' AND currency = 'USD' "
    "AND as_of >= '2026-11-19' ORDER BY as_of DESC",
    "/quotes/ATW?adjustment=adjusted": "FROM companies.adjusted_quotes WHERE ticker = 'ATW' "
    "ORDER BY session DESC",
    "/quality?market=africa": "FROM africa.data_quality ORDER BY session DESC",
    "/quality?market=central_bank": "FROM central_bank.data_quality ORDER BY session DESC",
    "/quality/disagreements?field=volume": "FROM quality.disagreements ORDER BY session DESC",
    "/quality/quarantine?market=casablanca&source=medias24": "SELECT *, 2 AS times "
    "FROM (SELECT DISTINCT * FROM quality.quarantine) WHERE source = 'medias24' "
    "ORDER BY session DESC",
    "/quality/quarantine?market=africa": "SELECT *, 1 AS times FROM quality.quarantine LIMIT 0",
}


def stored(api: Api, sql: str) -> pl.DataFrame:
    return Published(api.directory / "sandbox" / "published").query(sql)


def as_json(frame: pl.DataFrame) -> list[dict[str, object]]:
    dates = frame.with_columns(
        pl.selectors.date().cast(pl.String),
        pl.selectors.datetime(time_zone="*").dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    return dates.to_dicts()


@pytest.mark.parametrize("path", LISTS)
def test_the_api_says_what_sql_says(api, path):
    assert api.rows(path) == as_json(stored(api, LISTS[path]))


@pytest.mark.parametrize(
    ("path", "sql"),
    [
        ("/volume/alerts?", "casablanca.volume_alerts ORDER BY session DESC, ticker, alert_type"),
        (
            "/hkex/movers?",
            "hkex.movers WHERE session = '2026-11-20' ORDER BY horizon, measure, side DESC, rank",
        ),
        (
            "/quality/quarantine?kind=row&",
            "(SELECT DISTINCT * FROM quality.quarantine) ORDER BY session DESC, source",
        ),
        ("/cross-market?", "africa.cross_market ORDER BY as_of DESC, measure, mic, currency"),
    ],
)
def test_pages_together_are_the_whole_without_a_row_twice(api, path, sql):
    found, cursor = [], ""
    while True:
        answer = api.get(f"{path}limit=7{cursor}")
        found += answer.json()["data"]
        if answer.json()["meta"]["next"] is None:
            assert "Link" not in answer.headers
            break
        cursor = f"&cursor={answer.json()['meta']['next']}"
        assert answer.links["next"]["url"] == f"{path}limit=7{cursor}"
    wanted = as_json(stored(api, f"FROM {sql}"))
    assert [{name: row[name] for name in wanted[0]} for row in found] == wanted


def test_nulls_are_last_either_way_and_pages_go_through_them(tmp_path):
    made(tmp_path, MARTS)
    published = Published(tmp_path / "sandbox" / "published")
    for descending in (True, False):
        order = [Key("volume", descending=descending), Key("ticker"), Key("session")]
        way = "DESC" if descending else "ASC"
        wanted = published.query(
            f"FROM casablanca.daily_quotes ORDER BY volume {way} NULLS LAST, ticker, session"
        )
        found, cursor = [], None
        with published.reading() as version:
            facts = FactsOfVersions(seconds=5).of(version)
            while True:
                selection = Selection(
                    table="casablanca.daily_quotes",
                    rows=None,
                    where=(),
                    order=order,
                    limit=13,
                    cursor=cursor,
                )
                page = page_of(version, facts, selection, seconds=5)
                found.append(page.rows)
                cursor = page.next
                if cursor is None:
                    break
        assert_frame_equal(pl.concat(found), wanted)


def test_every_format_has_the_same_rows(api):
    path = "/quotes?limit=3"
    wanted = stored(api, LISTS["/quotes"])
    parquet = pl.read_parquet(io.BytesIO(api.get(f"{path}&format=parquet").content))
    assert_frame_equal(parquet, wanted)
    csv = api.get(f"{path}&format=csv")
    assert csv.headers["Content-Disposition"] == 'attachment; filename="quotes.csv"'
    assert_frame_equal(
        pl.read_csv(csv.content, schema_overrides=wanted.schema).drop("known_at"),
        wanted.drop("known_at"),
    )
    book = fastexcel.read_excel(api.get(f"{path}&format=xlsx").content)
    assert book.sheet_names == ["data", "about"]
    sheet = book.load_sheet("data").to_polars()
    assert sheet["name"].to_list() == wanted["name"].to_list()  # "=RÉSIDENCES" is no formula
    assert sheet["close"].to_list() == wanted["close"].to_list()
    about = dict(book.load_sheet("about", header_row=None).to_polars().iter_rows())
    assert about["mode"] == "sandbox"


@pytest.mark.parametrize(
    ("sort", "tickers"),
    [
        ("ticker", ["ATW", "IAM", "RDS"]),
        ("-name", ["IAM", "ATW", "RDS"]),
        ("-market_cap", ["RDS", "IAM", "ATW"]),
        ("status", ["ATW", "RDS", "IAM"]),
    ],
)
def test_companies_come_once_each_in_the_order_that_is_asked_a_page_at_a_time(api, sort, tickers):
    found, cursor = [], ""
    while cursor is not None:
        answer = api.get(f"/companies?sort={sort}&limit=1{cursor}").json()
        found += [(row["ticker"], row["session"]) for row in answer["data"]]
        cursor = answer["meta"]["next"] and f"&cursor={answer['meta']['next']}"
    assert found == [(ticker, "2026-11-20") for ticker in tickers]


def test_a_split_is_undone_beside_what_was_traded_where_it_is_asked(api):
    answer = api.get("/quotes/ATW?adjustment=adjusted").json()
    assert answer["meta"]["adjustment"] == "adjusted"
    halves = {row["session"]: row["close"] / row["adjusted_close"] for row in answer["data"]}
    assert (halves["2026-11-10"], halves["2026-11-09"]) == (1.0, 2.0)
    assert "adjusted_close" not in api.rows("/quotes/ATW")[0]
    other = api.get("/quotes/ATW?adjustment=adjusted&mic=XNSA")
    assert other.status_code == 422
    assert "no splits are known of XNSA" in other.json()["detail"]


def test_a_company_has_its_fundamentals_beside_it(api):
    (row,) = api.rows("/companies/ATW")
    assert (row["sector"], row["ytd"], row["session"], row["market_cap"]) == (
        *("Banques", 7.5, "2026-11-20"),
        1e9,
    )
    assert [row["ticker"] for row in api.rows("/companies/sector/banks")] == ["ATW", "IAM", "RDS"]
    assert [row["ticker"] for row in api.rows("/companies?status=suspended")] == ["IAM"]
    assert api.rows("/companies?market=XNSA") == api.rows("/companies?compartment=none") == []
    assert api.get("/companies/sector/none").status_code == 404


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("atw", ["ATW:XCAS"]),
        ("ATW:XCAS", ["ATW:XCAS"]),
        ("ATW.CS", ["ATW:XCAS"]),
        ("ATW.HK", []),
        ("0700.HK", ["00700:XHKG"]),
        ("700", ["00700:XHKG"]),
        ("residences", ["RDS:XCAS"]),
        ("dangote", ["DANGCEM:XNSA"]),
        ("%", []),
    ],
)
def test_what_a_person_types_leads_to_lines(api, typed, found):
    answer = api.get(f"/symbols/resolve?q={typed.replace('%', '%25')}")
    assert [row["symbol"] for row in answer.json()["data"]] == found


def test_a_version_that_is_known_is_not_sent_again(api):
    whole = api.get("/quotes/ATW")
    tag = whole.headers["ETag"]
    again = api.get("/quotes/ATW", If_None_Match=f'"other", {tag}')
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == tag
    other = api.get("/quotes/ATW", If_None_Match='W/"other"')
    assert (other.status_code, other.content) == (200, whole.content)
    assert api.get("/quotes/NONE", If_None_Match=tag).status_code == 404


def test_an_answer_is_the_same_in_every_encoding(api):
    plain = api.get("/quotes/ATW", Accept_Encoding="identity")
    packed = api.get("/quotes/ATW", Accept_Encoding="gzip")
    assert "Content-Encoding" not in plain.headers
    assert (packed.headers["Content-Encoding"], packed.content) == ("gzip", plain.content)
    headers = {"Authorization": f"Bearer {api.key}", "Accept-Encoding": "zstd, gzip;q=0.5"}
    with requests.get(f"{api.url}/quotes/ATW", headers=headers, stream=True, timeout=9) as raw:
        assert raw.headers["Content-Encoding"] == "zstd"
        body = raw.raw.read(decode_content=False)
    assert pa.input_stream(io.BytesIO(body), compression="zstd").read() == plain.content


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/quotes/ATW?limit=0", 422, "limit: Input should be greater than or equal to 1"),
        ("/quotes/ATW?limit=10001", 422, "limit: Input should be less than or equal to 10000"),
        ("/quotes/ATW?limt=3", 422, "limt: Extra inputs are not permitted"),
        ("/quotes/ATW?start=2026-11-02&end=2026-11-01", 422, "start 2026-11-02 is after end"),
        ("/quotes/ATW?start=today", 422, "start: Input should be a valid date"),
        ("/quotes/ATW?format=xml", 422, "format: Input should be 'json', 'csv', 'xlsx' or 'par"),
        ("/quotes/ATW?cursor=nonsense", 422, "cursor: it is not one of ours"),
        ("/quotes/ATW';DROP", 422, "ticker: String should match pattern"),
        ("/quotes/NONE", 404, "no line NONE of XCAS in casablanca.daily_quotes"),
        ("/hkex/holdings/99999", 404, "no stock 99999 in hkex.southbound_holdings"),
        ("/interest-rates?series=monia", 404, "central_bank.monia is not published yet: run"),
        ("/nothing", 404, "GET /nothing: Not Found"),
        ("/quotes/", 404, "GET /quotes/: Not Found"),
    ],
)
def test_what_cannot_be_answered_is_a_problem_that_says_why(api, path, status, words):
    answer = api.get(path)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert words in problem["detail"]


def test_a_cursor_of_another_question_is_refused(api):
    cursor = api.get("/quotes/ATW?limit=1").json()["meta"]["next"]
    assert api.get(f"/quotes/ATW?limit=2&cursor={cursor}").status_code == 200
    answer = api.get(f"/quotes/IAM?limit=2&cursor={cursor}")
    assert "cursor: it belongs to another question" in answer.json()["detail"]


def test_no_rows_are_told_from_nothing_of_that_name(api):
    answer = api.get("/quotes/ATW?start=2030-01-01").json()
    assert answer["data"] == []
    assert answer["warnings"] == ["no rows: nothing published fits what was asked"]


def test_the_envelope_says_what_the_rows_are(api):
    meta = api.get("/quotes/ATW").json()["meta"]
    told = {name: meta[name] for name in ("as_of", "mode", "sources", "adjustment", "currency")}
    assert told == {
        "as_of": "2026-11-20",
        "mode": "sandbox",
        "sources": ["cdg_capital", "medias24"],
        "adjustment": "raw",
        "currency": "MAD",
    }
    assert "never real" in meta["disclaimer"]
    assert api.get("/volume/ATW").json()["meta"]["sources"] == ["cdg_capital", "medias24"]


def test_a_number_is_explained_by_its_row_and_each_statement(api):
    rows = api.rows("/provenance/casablanca.daily_quotes/atw/2026-11-20")
    assert [(row["role"], row["source"]) for row in rows] == [
        ("row", "cdg_capital"),
        ("statement", "cdg_capital"),
        ("disagreements", "cdg_capital+medias24"),
        *[("put aside", source) for source in ("medias24", "medias24", "cdg_capital")],
    ]
    assert api.rows("/provenance/casablanca.daily_quotes/atw") == rows
    assert '"close":10.0' in rows[1]["values"]
    assert (rows[1]["capture_id"], rows[1]["url"]) == ("abc", None)  # its file is missing
    answer = api.get("/provenance/casablanca.daily_quotes/atw/2026-01-01")
    assert answer.status_code == 404
    assert "no row of atw on 2026-01-01, which is not a session of XCAS" in answer.json()["detail"]
    assert (
        "the calendar of XCAS knows"
        in api.get("/provenance/casablanca.daily_quotes/ATW/0373-09-25").json()["detail"]
    )
    assert "not in meta" in api.get("/provenance/meta.publication/A/2026-01-01").json()["detail"]
