"""Bank Al-Maghrib's real pages of July 2026: the tables equal what another reader made of them."""

import csv
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.web.archive import Archive
from market_assets_tests.built import Ran, invoked
from market_assets_tests.built_central_bank import central_bank, known

MONIA = "monia_20260714T121544Z.html"
BEFORE, AFTER = "before.html", "after.html"
"""The page of MONIA with another figure of 13 July, and with other links in its menu."""
PAGES = {
    "cours_reference_20260713T120947Z.html": ("bkam", "2026-07-10"),
    MONIA: ("bkam", "2026-07-13"),
    "marche_interbancaire_20260714T121546Z.html": ("bkam", "2026-07-13"),
    "bt_taux_reference_20260714T121548Z.html": ("bkam", "2026-07-13"),
    "taux_directeur_20260714T121539Z.html": ("bkam_seldom", "2026-07-14"),
    "taux_debiteurs_20260713T120955Z.html": ("bkam_seldom", "2026-07-13"),
    "taux_interbancaire_20260714T121541Z.html": ("bkam_seldom", "2026-07-14"),
    "adjudications_devises_20260714T121551Z.html": ("bkam_seldom", "2026-07-14"),
}


def day(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007  a date, not an instant


def french(text: str, *, times: float = 1) -> float | None:
    digits = text.replace("%", "").replace(",", ".").replace(" ", "").strip()
    return None if digits == "-" else float(digits) * times


@pytest.fixture(scope="module")
def saved(samples, tmp_path_factory) -> tuple[Path, Ran, Ran]:
    """The data directory, what the first addition said and what the run said."""
    data = tmp_path_factory.mktemp("saved") / "data"
    folder = samples / "bam_africa/bkam_html"
    monia = (folder / MONIA).read_bytes()
    before, after = data.parent / BEFORE, data.parent / AFTER
    before.write_bytes(monia.replace(b">2,221<", b">2,231<"))
    after.write_bytes(monia.replace(b'href="/Marches', b'href="/fr/Marches'))
    pages = {folder / name: where for name, where in PAGES.items()}
    files = {before: PAGES[MONIA], **pages, after: PAGES[MONIA]}
    said = [
        invoked("inbox", "add", source, shown, file, "--data-dir", data)
        for file, (source, shown) in files.items()
    ]
    assert [each.status for each in said] == [0] * len(files), "".join(each.err for each in said)
    return data, said[1], central_bank("--from-captures", data=data, WEB="live")


@pytest.fixture(scope="module")
def derived(samples):
    """The rows of one of the other reader's files."""

    def rows(name: str) -> list[dict[str, str]]:
        file = samples / "bam_africa/bkam_derived" / f"bkam_{name}.csv"
        return list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))

    return rows


def test_the_pages_build_and_say_what_they_are(saved):
    _, first, ran = saved
    assert ": 60 rows of exchange_rates, 2026-07-09 to 2026-07-10; capture " in first.out
    assert ran.status == 0, ran.out + ran.err
    assert "central_bank, live: 3 sessions, 2026-07-10 to 2026-07-14" in ran.out


def test_a_replay_finds_all_that_was_put_in_by_hand(saved):
    done = invoked("replay", "--data-dir", saved[0], WEB="live")
    assert done.status == 0, done.out
    assert "differ" not in done.out
    assert "central_bank: " in done.out


def test_monia_is_what_was_derived(saved, derived):
    expected = pl.DataFrame(
        [
            (
                day(row["Date de référence"]),
                day(row["Date de publication"]),
                french(row["Indice MONIA"]),
                french(row["Volume JJ"], times=1e6),
            )
            for row in derived("monia")
        ],
        schema=["reference_date", "publication_date", "rate", "volume"],
        orient="row",
    )
    found = known(saved[0], expected.columns, "monia", mode="live")
    assert_frame_equal(found, expected.sort("reference_date"))


def test_a_figure_is_known_since_the_page_that_first_showed_it_whatever_its_menu_says(saved):
    data = saved[0]
    newest = date(2026, 7, 13)
    with closing(Archive(data / "live/captures")) as archive:
        shown = {row.key: row for row in archive.captures("bkam", newest, newest)}
    first, second = shown[BEFORE], shown[MONIA]
    assert shown[AFTER].sha256 != second.sha256
    rows = known(data, ["reference_date", "capture_id"], "monia", mode="live")
    assert dict(rows.rows()) == {
        day: (second if day == newest else first).capture_id for day in rows["reference_date"]
    }
    changes = known(data, ["known_at", "capture_id", "replaced_at"],
                    "page_changes WHERE page LIKE '%monia%'", mode="live")  # fmt: skip
    assert changes.rows() == [
        (first.fetched_at, first.capture_id, second.fetched_at),
        (second.fetched_at, second.capture_id, None),
    ]


def test_the_interbank_rate_is_what_was_derived(saved, derived):
    expected = pl.DataFrame(
        [
            (
                day(row["Date"]),
                french(row["Taux Moyen Pondéré"]),
                french(row["Volume JJ"], times=1e6),
                french(row["Encours"], times=1e6),
            )
            for row in derived("marche_interbancaire")
        ],
        schema=["reference_date", "rate", "volume", "outstanding"],
        orient="row",
    )
    assert expected["volume"].null_count() == 4  # two weekends
    found = known(saved[0], expected.columns, "interbank_rate", mode="live")
    assert_frame_equal(found, expected.sort("reference_date"))


def test_the_77_decisions_are_what_was_derived(saved, derived):
    expected = pl.DataFrame(
        [
            (
                day(row["date_decision"]),
                french(row["taux_directeur"]),
                french(row["ratio_reserve_obligatoire"]),
                french(row["remuneration_reserve"]),
            )
            for row in derived("taux_directeur")
        ],
        schema=["reference_date", "rate", "reserve_ratio", "reserve_remuneration"],
        orient="row",
    )
    assert expected.height == 77
    found = known(saved[0], expected.columns, "policy_rate", mode="live")
    assert_frame_equal(found, expected.sort("reference_date"))


def test_the_curve_is_what_was_derived_without_its_total(saved, derived):
    expected = pl.DataFrame(
        [
            (
                day(row["Date de la valeur"]),
                day(row["Date d'échéance"]),
                french(row["Taux moyen pondéré"]),
                french(row["Transaction"], times=1e6),
            )
            for row in derived("bt_taux_reference")[:-1]
        ],
        schema=["reference_date", "maturity_date", "rate", "volume"],
        orient="row",
    )
    assert expected.height == 10
    found = known(saved[0], expected.columns, "treasury_curve", mode="live")
    assert_frame_equal(found, expected.sort("reference_date", "maturity_date"))


def test_reference_rates_have_the_page_s_two_days_and_the_derived_currencies(saved, derived):
    """The derived file is of another page, of the 13th, so that its values cannot be compared."""
    units = {row["devise_code"]: int(row["unite"]) for row in derived("cours_reference")}
    units["MRU"] = units.pop("MRO")
    rows = known(saved[0], ["currency, unit_count, kind, mid, bid, ask, reference_date"],
                 "exchange_rates", mode="live")  # fmt: skip
    assert (rows.height, set(rows["kind"])) == (60, {"reference"})
    assert set(rows["reference_date"]) == {date(2026, 7, 9), date(2026, 7, 10)}
    assert dict(rows.select("currency", "unit_count").rows()) == units
    assert (rows["mid"].null_count(), rows["bid"].null_count()) == (0, 60)
    newest = rows.filter(pl.col("reference_date") == date(2026, 7, 10))
    mids = dict(newest.select("currency", "mid").rows())
    assert (mids["EUR"], mids["USD"], mids["GIP"]) == (10.6754, 9.3383, mids["GBP"])


def test_the_survey_has_its_twelve_quarters(saved):
    rows = known(saved[0], ["reference_date", "total", "publication_date"], "lending_rates",
                 mode="live")  # fmt: skip
    assert rows.height == 12
    assert rows.row(-1) == (date(2026, 3, 31), 4.66, date(2026, 5, 8))


def test_frozen_tables_are_put_aside_and_are_no_observations(saved):
    rows = known(saved[0], ["DISTINCT indicator_id"], "indicators", mode="live")["indicator_id"]
    assert {name.split(".")[0] for name in rows} == {
        *("curve", "fx", "interbank", "lending", "monia", "policy")
    }
