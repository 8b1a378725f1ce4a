"""The Stock Connect table: real pages, and every trap it is known to hold."""

from datetime import date

import polars as pl
import pytest

from market_assets.domain.holdings.rows import HOLDINGS, NORTHBOUND
from market_assets.sources.hkex.hkex_northbound import SOURCE as NORTHBOUND_SOURCE
from market_assets.sources.hkex.hkex_southbound import SOURCE
from market_assets.sources.hkex.mutualmarket import parse
from market_assets.web.failures import (
    Blocked,
    EmptyPage,
    Incomplete,
    LayoutChanged,
    NotThisPage,
    OutOfRange,
    Unavailable,
)
from market_assets_tests.sources.hkex.pages import (
    COLUMNS,
    SESSION,
    cell,
    form,
    many,
    row,
    table,
)


def held(parsed):
    return parsed.tables["holdings"]


def northbound(parsed):
    columns = ("code", "exchange", "a_code", "name", "shares", "percent")
    return parsed.tables["northbound_holdings"].select(columns).rows()


def test_the_southbound_page_of_2019_comes_back_whole(samples, saved):
    body = (samples / "hkex/html/mutualmarket_c_t-hk_2019-01-25.html").read_bytes()
    parsed = parse(saved(SOURCE, body, session=date(2019, 1, 27)))
    rows = held(parsed)
    assert (rows.schema, rows.height, rows["code"].n_unique()) == (HOLDINGS, 564, 564)
    assert parsed.refused == ()
    assert set(rows["session"]) == {date(2019, 1, 25)}
    empty = rows.filter(pl.col("percent").is_null())
    assert empty["code"].to_list() == ["00425", "00520", "01357"]
    assert rows["shares"].null_count() == 0
    columns = ("code", "channel", "name", "shares", "percent")
    assert rows.select(columns).row(0) == ("00001", "southbound", "長和", 22_908_430, 0.59)
    assert rows.select(columns).row(-1) == ("08328", "southbound", "信義香港", 145_000, 0.02)
    assert rows["code"].is_sorted()


def test_the_northbound_page_of_2019_comes_back_with_the_codes_of_shanghai(samples, saved):
    body = (samples / "hkex/html/mutualmarket_c_t-sh_2019-01-25.html").read_bytes()
    parsed = parse(saved(NORTHBOUND_SOURCE, body))
    rows = parsed.tables["northbound_holdings"]
    assert (rows.schema, rows.height, list(parsed.tables)) == (
        NORTHBOUND,
        845,
        ["northbound_holdings"],
    )
    assert northbound(parsed)[0] == ("90000", "shanghai", "600000", "浦發銀行", 390_019_994, 1.38)
    assert set(rows["session"]) == {date(2019, 1, 25)}
    assert rows["a_code"].null_count() == 0
    assert (rows["a_code"].str.slice(3) == rows["code"].str.slice(2)).all()


def test_codes_are_padded_and_names_kept_as_published(saved):
    rows = [
        row("    1", "CK HUTCHISON &amp; CO. -HKD TRADED SHARES", "22,908,430", "0.59%"),
        row(" 8328", "*ST NAME", "0", ""),
        *many(first=9000),
    ]
    assert held(parse(saved(SOURCE, table(*rows)))).select(
        "code", "name", "shares", "percent"
    ).rows()[:2] == [
        ("00001", "CK HUTCHISON & CO. -HKD TRADED SHARES", 22_908_430, 0.59),
        ("08328", "*ST NAME", 0, None),
    ]


@pytest.mark.parametrize(
    ("title", "stated", "day"),
    [
        ("Shareholding Date", "2026/10/08", SESSION),
        ("持股日期", "2026/10/03", date(2026, 10, 3)),
        ("Any other words", "2025/01/02", date(2025, 1, 2)),
    ],
)
def test_rows_go_to_the_day_the_page_states_whatever_was_asked(saved, title, stated, day):
    page = saved(SOURCE, table(*many(), day=stated, title=title), key="southbound/2026-10-05")
    assert set(held(parse(page))["session"]) == {day}


@pytest.mark.parametrize("day", ["08/10/2026", "2026/02/30", "", "2026/10/08 2026/10/09"])
def test_a_page_without_one_certain_day_is_not_used(saved, day):
    with pytest.raises(LayoutChanged, match="date"):
        parse(saved(SOURCE, table(*many(), day=day)))


def test_a_day_that_had_not_come_in_hong_kong_is_not_used(saved):
    """Fetched on 2026-10-08 at 19:30 UTC."""
    assert set(held(parse(saved(SOURCE, table(*many(), day="2026/10/09"))))["session"]) == {
        date(2026, 10, 9)
    }
    with pytest.raises(LayoutChanged, match="it states 2026-10-10, which had not come"):
        parse(saved(SOURCE, table(*many(), day="2026/10/10")))


def test_cells_are_told_by_class_not_by_place_or_heading(saved):
    said = ("0.59%", "1,000", "NAME", "  700")
    columns = [f"{column} text-right" for column in reversed(COLUMNS)]
    other = row(*said, columns=columns, labels=("relabelled",) * 4)
    rows = held(parse(saved(SOURCE, table(other, *many(first=9000)))))
    assert rows.select("code", "name", "shares", "percent").row(0) == ("00700", "NAME", 1000, 0.59)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (row("ABC", "NAME", "1,000", "0.1%"), "'ABC' is not a stock code of up to five digits"),
        (
            row("700000", "NAME", "1,000", "0.1%"),
            "'700000' is not a stock code of up to five digits",
        ),
        (row("700", "NAME", "1000", "0.1%"), "'1000' is not a count of shares"),
        (row("700", "NAME", "1,00", "0.1%"), "'1,00' is not a count of shares"),
        (row("700", "NAME", "1,000.5", "0.1%"), "'1,000.5' is not a count of shares"),
        (row("700", "NAME", "", "0.1%"), "'' is not a count of shares"),
        (row("700", "NAME", "-1,000", "0.1%"), "a holding of -1000 shares"),
        (row("700", "NAME", "1,000", "0.1"), "'0.1' is not a percentage"),
        (row("700", "NAME", "1,000", "n/a%"), "'n/a' is not a number as this source writes them"),
        (row("700", "", "1,000", "0.1%"), "no name is stated"),
        (row("700", "NAME", "1,000", "-0.50%"), "-0.5 % of the issued shares"),
        (row("700", "NAME", "1,000", "110.01%"), "110.01 % of the issued shares"),
        (
            row("700", "NAME", "1,000", columns=COLUMNS[:3], labels=COLUMNS[:3]),
            "no cell says anything of col-shareholding-percent",
        ),
        (
            "<tr><td colspan='4'>No record</td></tr>",
            f"no cell says anything of {', '.join(COLUMNS)}",
        ),
        (
            row("700", "NAME", "1,000", "2,000", columns=(*COLUMNS[:3], COLUMNS[2])),
            f"a column comes twice: {COLUMNS[2]}",
        ),
    ],
)
def test_a_row_that_cannot_be_read_is_put_aside_with_its_text(saved, bad, reason):
    parsed = parse(saved(SOURCE, table(bad, *many(first=9000))))
    (refused,) = parsed.refused
    assert (refused.reason, refused.session) == (reason, SESSION)
    assert refused.text
    assert held(parsed).height == 500


def test_a_code_that_comes_twice_is_nobodys(saved):
    twice = [row("700", "A", "1,000", "0.1%"), row("00700", "B", "2,000", "0.1%")]
    parsed = parse(saved(SOURCE, table(*twice, *many(first=9000))))
    assert {(x.ticker, x.reason) for x in parsed.refused} == {("00700", "the code comes 2 times")}
    assert len(parsed.refused) == 2
    assert "00700" not in held(parsed)["code"]


def test_a_southbound_page_of_fewer_than_500_rows_is_held_back(saved):
    assert held(parse(saved(SOURCE, table(*many(500))))).height == 500
    with pytest.raises(Incomplete, match=r"499 rows of 2026-10-08 .* fewer than 500: held back"):
        parse(saved(SOURCE, table(*many(499))))


def test_rows_that_were_put_aside_do_not_count_towards_the_500(saved):
    with pytest.raises(Incomplete, match="499 rows"):
        parse(saved(SOURCE, table(row("x", "NAME", "1", ""), *many(499))))


def test_a_page_without_rows_or_without_the_table_is_a_failure(saved):
    with pytest.raises(EmptyPage, match="col-stock-code has no row"):
        parse(saved(SOURCE, table()))
    with pytest.raises(LayoutChanged, match="no table has a cell of the class col-stock-code"):
        parse(saved(SOURCE, f"<html><body>{form()}</form></body></html>"))


def test_a_page_of_rows_that_all_are_put_aside_is_a_failure(saved):
    page = table(row("x", "NAME", "1,000", "0.1%"), market="sz")
    with pytest.raises(EmptyPage, match="none of 1 rows can be used: 'x' is not a stock code"):
        parse(saved(NORTHBOUND_SOURCE, page))


def test_an_alert_is_a_failure_with_its_words_even_over_a_table(saved):
    start = form(alert="Your input date is invalid. Please re-enter.")
    with pytest.raises(OutOfRange, match=r"Your input date is invalid\. Please re-enter\."):
        parse(saved(SOURCE, table(*many(), start=start)))


@pytest.mark.parametrize(
    "body", ["<html>System is under maintenance</html>", "<p>System is under maintenance"]
)
def test_maintenance_passes(saved, body):
    with pytest.raises(Unavailable, match="System is under maintenance"):
        parse(saved(SOURCE, body))


def test_what_is_no_page_of_hkexnews_is_told_apart(saved):
    with pytest.raises(NotThisPage, match="no HTML"):
        parse(saved(SOURCE, '[{"c":"00001"}]'))
    with pytest.raises(EmptyPage):
        parse(saved(SOURCE, ""))
    with pytest.raises(Blocked):
        parse(saved(SOURCE, "<html><title>Just a moment...</title></html>"))
    with pytest.raises(LayoutChanged, match="not UTF-8"):
        parse(saved(SOURCE, table(*many()).encode() + b"\xff"))


def test_a_page_cut_anywhere_in_a_row_is_never_used(saved):
    page = table(*many(520))
    start = page.index("COMPANY 510")
    for end in range(start, start + 420, 7):
        with pytest.raises(Incomplete, match="breaks off"):
            parse(saved(SOURCE, page[:end]))


@pytest.mark.parametrize("end", ["COMPANY 510<", "510,000<", '">5.10%'])
def test_a_page_cut_in_a_row_and_closed_again_is_never_used(saved, end):
    page = table(*many(520))
    cut = page[: page.index(end)].removesuffix('<div class="mobile-list-body')
    with pytest.raises(Incomplete, match="breaks off in its last row"):
        parse(saved(SOURCE, cut + "</td></tr></table></body></html>"))


def test_the_market_is_told_by_the_page_itself(saved):
    page = table(row("90519", "X", "1,000", "4.69%"), market="sh")
    only_class = page.replace("mutualmarket.aspx?t=sh", "mutualmarket.aspx")
    only_form = page.replace(" market-sh", "")
    saved_by_a_browser = only_form.replace("./mutual", "https://www3.hkexnews.hk/sdw/search/mutual")
    for body in (page, only_class, only_form, saved_by_a_browser):
        assert northbound(parse(saved(SOURCE, body)))[0][:3] == ("90519", "shanghai", "600519")
    with pytest.raises(LayoutChanged, match="one market of hk, sh and sz, not \\['hk', 'sh'\\]"):
        parse(saved(SOURCE, page.replace("aspx?t=sh", "aspx?t=hk")))
    with pytest.raises(LayoutChanged, match="one market"):
        parse(saved(SOURCE, only_form.replace("?t=sh", "")))


def test_each_source_takes_its_own_page_and_says_whose_the_other_is(saved):
    north = table(row("90519", "X", "1,000", "4.69%"), market="sh")
    south = table(*many())
    assert list(SOURCE.parse(saved(SOURCE, south)).tables) == ["holdings"]
    parsed = NORTHBOUND_SOURCE.parse(saved(NORTHBOUND_SOURCE, north))
    assert list(parsed.tables) == ["northbound_holdings"]
    with pytest.raises(NotThisPage, match="it is Northbound's page"):
        SOURCE.parse(saved(SOURCE, north))
    with pytest.raises(NotThisPage, match="it is Southbound's page"):
        NORTHBOUND_SOURCE.parse(saved(NORTHBOUND_SOURCE, south))


@pytest.mark.parametrize(
    ("market", "code", "name", "a_code"),
    [
        ("sh", "90519", "KWEICHOW MOUTAI CO.,LTD. (A #600519)", "600519"),
        ("sh", "90519", "貴州茅台", "600519"),
        ("sh", "91398", "工商銀行", "601398"),
        ("sh", "93288", "海天味業", "603288"),
        ("sh", "95009", "豪悅護理", "605009"),
        ("sh", "30002", "睿創微納", "688002"),
        ("sz", "70572", "HAIMA (A #00572)", "000572"),
        ("sz", "71979", "招商蛇口", "001979"),
        ("sz", "72594", "比亞迪", "002594"),
        ("sz", "73816", "和泰機電", "003816"),
        ("sz", "77750", "寧德時代", "300750"),
        ("sh", "31000", "NEW SERIES (A #689009)", "689009"),
        ("sh", "90300", "HUATAI CSI 300 ETF (A #510300)", "510300"),
        ("sh", "90300", "滬深300ETF", None),
        ("sh", "41000", "不明", None),
        ("sh", "70572", "海馬汽車", None),
    ],
)
def test_the_mainland_code_is_stated_or_reckoned_or_null(saved, market, code, name, a_code):
    page = table(row(code, name, "1,000", "4.69%"), market=market)
    ((stated, exchange, mainland, *_),) = northbound(parse(saved(NORTHBOUND_SOURCE, page)))
    assert (stated, exchange, mainland) == (
        code,
        {"sh": "shanghai", "sz": "shenzhen"}[market],
        a_code,
    )


def test_a_name_that_contradicts_its_code_is_put_aside(saved):
    wrong = row("90519", "MOUTAI (A #600520)", "1,000", "4.69%")
    right = row("90000", "SPDB (A #600000)", "1,000", "1.38%")
    parsed = parse(saved(NORTHBOUND_SOURCE, table(wrong, right, market="sh")))
    assert [x.reason for x in parsed.refused] == [
        "the name says 600520, but 90519 stands for 600519"
    ]
    assert [x[0] for x in northbound(parsed)] == ["90000"]


def test_a_cell_of_a_heading_alone_says_nothing(saved):
    alone = row("700", "NAME", "1,000", "0.1%").replace(
        cell(COLUMNS[2], "Shareholding in CCASS", "1,000"),
        f'<td class="{COLUMNS[2]}"><div class="mobile-list-heading">1,000</div></td>',
    )
    parsed = parse(saved(SOURCE, table(alone, *many(first=9000))))
    assert [x.reason for x in parsed.refused] == ["no cell says anything of col-shareholding"]
