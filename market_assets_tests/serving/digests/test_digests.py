"""A digest says what is published, nothing else, in every form of it."""

import io
import re
from datetime import date
from email import message_from_bytes
from email.policy import SMTP

import fastexcel
import polars as pl
import pytest
from lxml import html
from PIL import Image

from market_assets.serving.digests import figures
from market_assets.serving.digests.files import kept, newest_mail
from market_assets.serving.digests.making import made
from market_assets.serving.digests.reading import NothingToTell
from market_assets.serving.digests.volumes import changed_lines
from market_assets.settings import read_settings
from market_assets_tests.serving.digests.conftest import FRIDAY

NAMES = ("hkex", "casablanca", "weekly")
PNG = b"\x89PNG\r\n\x1a\n"


def parts(rendered) -> dict[str, list]:
    """The parts of the mail that hold something, by their type."""
    found: dict[str, list] = {}
    for part in message_from_bytes(rendered.mail, policy=SMTP).walk():
        if not part.is_multipart():
            found.setdefault(part.get_content_type(), []).append(part)
    return found


def table(rendered, heading: str) -> list[list[str]]:
    """The rows of the first table under a heading of the page, cells as they are read."""
    page = html.fromstring(rendered.html)
    [section] = page.xpath(f"//h2[normalize-space()='{heading}']")
    rows = section.xpath("following::table[1]//tr")
    return [[" ".join(cell.itertext()) for cell in row] for row in rows]


@pytest.mark.parametrize("name", NAMES)
def test_a_mail_has_a_text_a_page_its_pictures_and_a_workbook(digests, name):
    found = parts(digests[name])
    [text], [page] = found["text/plain"], found["text/html"]
    assert text.get_content().replace("\r\n", "\n") == digests[name].text
    references = set(re.findall(r'src="cid:([^"]+)"', page.get_content()))
    pictures = {part["Content-ID"].strip("<>"): part for part in found["image/png"]}
    assert references == set(pictures)
    assert len(references) == len(digests[name].digest.charts)
    for part in pictures.values():
        assert part.get_content_disposition() == "inline"
        assert Image.open(io.BytesIO(part.get_content())).width >= 1000
    [[book]] = [parts for kind, parts in found.items() if "spreadsheetml" in kind]
    assert book.get_filename() == f"{digests[name].digest.stem}.xlsx"
    assert book.get_content() == digests[name].xlsx


@pytest.mark.parametrize("name", NAMES)
def test_a_page_needs_nothing_from_elsewhere(digests, name):
    page = html.fromstring(digests[name].html)
    assert page.xpath("//style | //script | //link") == []
    images = page.xpath("//img")
    assert images
    for image in images:
        assert image.get("src").startswith("data:image/png;base64,")
        assert "Bar chart of " in image.get("alt")
    assert "http" not in re.sub(r'src="[^"]*"', "", digests[name].html)


@pytest.mark.parametrize("name", NAMES)
def test_equal_rows_give_equal_bytes(settings, digests, name):
    until = date(2026, 11, 23) if name == "weekly" else FRIDAY
    again = made(settings, name, until=until)
    assert (again.mail, again.xlsx, again.html) == (
        digests[name].mail,
        digests[name].xlsx,
        digests[name].html,
    )


@pytest.mark.parametrize("name", NAMES)
def test_what_is_invented_says_so_first(digests, name):
    subject = message_from_bytes(digests[name].mail, policy=SMTP)["Subject"]
    assert subject.startswith("[SANDBOX, invented figures] ")
    assert digests[name].text.startswith("SANDBOX: every figure in this message is invented.")
    page = " ".join(html.fromstring(digests[name].html).find("body").itertext())
    assert page.split()[0] == "SANDBOX:"


def test_the_workbook_holds_the_rows_that_were_read(digests):
    book = fastexcel.read_excel(digests["casablanca"].xlsx)
    assert book.sheet_names[0] == "about"
    sheets = digests["casablanca"].digest.sheets
    assert book.sheet_names[1:] == list(sheets)
    told = book.load_sheet("lines").to_polars().select("ticker", "close", "change_pct")
    assert told.rows() == sheets["lines"].select("ticker", "close", "change_pct").rows()


def test_hong_kong_says_who_is_new_and_what_may_be_bought(digests):
    assert table(digests["hkex"], "Newly held")[1:] == [
        ["<b>BOLD & CO 02918", "code changed? seems to go on from 00700", "1.23 m", "16.57 %"]
    ]
    assert table(digests["hkex"], "Eligibility")[1:] == [
        ["PA TECHSELECT 03406", "added after 6 Nov 2026", "Shanghai and Shenzhen"]
    ]
    assert len(digests["hkex"].digest.charts) == 3
    facts = {label: cell.text for label, cell in digests["hkex"].digest.facts}
    assert facts == {"Rising": "277", "Falling": "303", "Unchanged": "15", "Shares held": "6.00 k"}


def test_casablanca_compares_each_line_with_its_session_before(digests):
    rows = {row[0].split()[0]: row for row in table(digests["casablanca"], "Most active")[1:]}
    assert rows["ATW"][1:] == ["11.00", "0.00 %", "10.0 k"]
    assert rows["RDS"][1:] == [figures.NONE, figures.NONE, "10.0 k"]
    alerts = table(digests["casablanca"], "Volume alerts")
    assert alerts[0] == ["Line", "Alert", "Shares", "Ratio", "Confidence"]
    assert len(alerts) == 1 + 6


def test_a_week_counts_its_own_days_only_beside_the_whole_week_before(digests):
    facts = dict(digests["weekly"].digest.facts)
    assert digests["weekly"].digest.day == date(2026, 11, 16)
    assert facts["Sessions"].text == "5"
    assert facts["Volume alerts"].text == "30"
    # Monday 9 November 8 MAD, each other day 1
    assert facts["Casablanca's turnover"].note == "-50 % a session to the week before"
    assert "Bank Al-Maghrib's tables are not published." in digests["weekly"].text


def test_a_line_that_split_has_not_fallen():
    def lines(close: float, comparable: float | None) -> pl.DataFrame:
        return pl.DataFrame({"ticker": ["A"], "close": [close], "comparable_close": [comparable]})

    assert changed_lines(lines(51.0, 51.0), lines(500.0, 50.0))["change_pct"].item() == (
        pytest.approx(2.0)
    )
    assert changed_lines(lines(51.0, 51.0), lines(500.0, None))["change_pct"].item() is None


def test_a_workbook_stays_here_where_its_sources_may_not_be_passed_on(settings):
    closed = settings.model_copy(
        update={
            "sources": read_settings({"sources": {"medias24": {"redistribute": False}}}).sources
        }
    )
    rendered = made(closed, "casablanca", until=date(2026, 11, 19))
    assert not [kind for kind in parts(rendered) if "spreadsheetml" in kind]
    assert "The workbook is not attached" in rendered.text
    assert rendered.xlsx.startswith(b"PK")


def test_without_a_session_there_is_nothing_to_tell(settings):
    with pytest.raises(NothingToTell, match="nothing on or before 2020-01-01"):
        made(settings, "hkex", until=date(2020, 1, 1))
    with pytest.raises(NothingToTell, match="no session in the week of 2019-12-23"):
        made(settings, "weekly", until=date(2020, 1, 1))


def test_files_are_whole_and_the_newest_is_found(digests, tmp_path):
    assert newest_mail(tmp_path, "hkex") is None
    paths = kept(tmp_path, "hkex-2026-11-20", digests["hkex"].forms)
    kept(tmp_path, "weekly-2026-11-16", digests["weekly"].forms)
    (tmp_path / "hkex-2026-11-19.eml").write_bytes(b"older")
    (tmp_path / "hkex-2026-11-21.eml.building").write_bytes(b"half")
    assert newest_mail(tmp_path, "hkex") == (FRIDAY, paths["eml"])
    assert paths["eml"].read_bytes() == digests["hkex"].mail
    assert paths["html"].read_text("utf-8") == digests["hkex"].html


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, figures.NONE),
        (0, "0"),
        (999, "999"),
        (999.4, "999"),
        (999_960, "1.00 m"),
        (-28_500_000, "-28.5 m"),
        (325_926_262_366, "325.9 bn"),
        (1_000, "1.00 k"),
    ],
)
def test_large_numbers_are_short(value, told):
    assert figures.short(value) == told


def test_a_change_that_rounds_to_nothing_has_no_sign():
    assert figures.percent(-0.001, signed=True) == "0.00 %"
    assert figures.percent(0.012, signed=True) == "+0.01 %"
    assert figures.percent(None) == figures.NONE
