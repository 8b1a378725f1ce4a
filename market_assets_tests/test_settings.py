"""Settings: what is set is what counts, and what cannot be used is named in one line."""

import os

import pytest
import trustme
from typer.testing import CliRunner

from market_assets.cli.app import app
from market_assets.modes import follow_mode, keep_to_seed, live, remember_mode
from market_assets.settings import SettingRefused, SourceSettings, read_settings


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    """No setting but the test's own, and no .env file."""
    for name in [name for name in os.environ if name.startswith("MARKET_ASSETS_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def says(tmp_path):
    """``says(**settings)``: exit status and message of a run that these settings must stop."""

    def run(*arguments: str, **settings: str) -> tuple[int, str]:
        environment = {f"MARKET_ASSETS_{name}": value for name, value in settings.items()}
        options = ("--days", "1", "--until", "2026-11-13", "--data-dir", str(tmp_path / "data"))
        result = CliRunner(env=environment).invoke(app, ["run", *options, *arguments])
        assert result.stdout == ""
        return result.exit_code, result.stderr

    return run


def test_without_a_setting_it_is_the_sandbox():
    settings = read_settings({})
    assert (settings.web, str(settings.data_dir), settings.contact) == ("sandbox", "data", None)
    assert str(settings.mode_dir) == "data/sandbox"
    assert settings.source("cdg_capital") == SourceSettings(min_interval=None)


def test_the_environment_sets_what_is_named(monkeypatch):
    monkeypatch.setenv("MARKET_ASSETS_WEB", "live")
    monkeypatch.setenv("MARKET_ASSETS_CONTACT", " desk@example.org ")
    monkeypatch.setenv("MARKET_ASSETS_SOURCES__CDG_CAPITAL__MIN_INTERVAL", "5")
    monkeypatch.setenv("MARKET_ASSETS_SOURCES__CDG_CAPITAL__BASE_URL", "http://127.0.0.1:8000")
    monkeypatch.setenv("MARKET_ASSETS_ALERTS__SPIKE", "4.5")
    settings = read_settings({})
    assert settings.required_contact() == "desk@example.org"
    assert settings.source("cdg_capital").min_interval == 5
    assert str(settings.source("cdg_capital").base_url) == "http://127.0.0.1:8000/"
    assert settings.source("wafabourse") == SourceSettings()
    assert (settings.alerts.spike, settings.alerts.high) == (4.5, 2.0)


def test_what_is_given_wins_over_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("MARKET_ASSETS_DATA_DIR", "elsewhere")
    assert str(read_settings({}).data_dir) == "elsewhere"
    assert read_settings({"data_dir": tmp_path}).data_dir == tmp_path


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "DATADIR",
            "x",
            "no such setting: MARKET_ASSETS_DATADIR; did you mean MARKET_ASSETS_DATA_DIR?",
        ),
        (
            "SOURCE__YAHOO__ENABLED",
            "1",
            "no such setting: MARKET_ASSETS_SOURCE__YAHOO__ENABLED; did you mean MARKET_ASSETS_SO",
        ),
        (
            "HKEX__MOOVERS",
            "3",
            "no such setting: MARKET_ASSETS_HKEX__MOOVERS; did you mean MARKET_ASSETS_HKEX__MOVERS",
        ),
        (
            "HKEX__WATCH__STRT",
            "08:00",
            "no such setting: MARKET_ASSETS_HKEX__WATCH__STRT; did you mean MARKET_ASSETS_HKEX__W",
        ),
        ("WEB__MODE", "live", "no such setting: MARKET_ASSETS_WEB__MODE"),
        ("WEB", "foo", "MARKET_ASSETS_WEB: Input should be 'sandbox' or 'live'"),
        (
            "SOURCES__CDG_CAPITAL__MIN_INTERVAL",
            "-1",
            "MARKET_ASSETS_SOURCES__CDG_CAPITAL__MIN_INTERVAL: Input should be greater than or",
        ),
        (
            "SOURCES__CDG_CAPITAL__BASE_URL",
            "cdg",
            "MARKET_ASSETS_SOURCES__CDG_CAPITAL__BASE_URL: Input should be a valid URL, relative",
        ),
        (
            "SOURCES__CDG_CAPITAL__INTERVAL",
            "3",
            "no such setting: MARKET_ASSETS_SOURCES__CDG_CAPITAL__INTERVAL; did you mean MARKET_A",
        ),
        ("DAILY_REQUESTS", "0", "MARKET_ASSETS_DAILY_REQUESTS: Input should be greater than or"),
        ("SANDBOX_SEED", "x", "MARKET_ASSETS_SANDBOX_SEED: Input should be a valid integer"),
        ("CA_BUNDLE", "/no/such.pem", "MARKET_ASSETS_CA_BUNDLE: there is no file /no/such.pem"),
        ("ALERTS__HIGH", "0.4", "MARKET_ASSETS_ALERTS: low must be below high"),
        ("ALERTS__DROP", "0", "MARKET_ASSETS_ALERTS__DROP: Input should be greater than 0"),
        (
            "WEB",
            "live",
            "live requests need MARKET_ASSETS_CONTACT, an address that publishers can write to",
        ),
    ],
)
def test_a_bad_setting_stops_the_run_with_its_name(says, tmp_path, name, value, message):
    status, error = says(**{name: value})
    assert status == 2
    assert error.startswith(f"error: {message}")
    assert error.count("\n") == 1
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "command",
    [
        ("run", "--from-captures"),
        ("sql", "SELECT 1"),
        ("explain", "casablanca.daily_quotes", "ATW"),
        ("inbox", "add", "yahoo", "2026-11-13", __file__),
        ("ui", "--port", "65535"),
    ],
    ids=lambda command: command[0],
)
def test_every_command_refuses_a_source_that_does_not_exist(tmp_path, command):
    environment = {"MARKET_ASSETS_SOURCES__CDG_CAPITL__ENABLED": "true"}
    data = ("--data-dir", str(tmp_path / "data"))
    refused = CliRunner(env=environment).invoke(app, [*command, *data])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.startswith(
        "error: MARKET_ASSETS_SOURCES__CDG_CAPITL: no source is called 'cdg_capitl'; there are "
    )
    assert refused.stderr.endswith(", yahoo; did you mean cdg_capital?\n")
    assert not (tmp_path / "data").exists()


def test_certificates_are_looked_at_before_anybody_is_asked(says, tmp_path, monkeypatch):
    bundle = tmp_path / "added.pem"
    bundle.write_text("no certificate")
    told = f"error: MARKET_ASSETS_CA_BUNDLE: {bundle} holds no PEM certificate\n"
    assert says(WEB="live", CONTACT="desk@example.org", CA_BUNDLE=str(bundle)) == (2, told)
    trustme.CA().cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("MARKET_ASSETS_CA_BUNDLE", str(bundle))
    assert read_settings({}).ca_bundle == bundle


def test_every_bad_setting_has_a_line_of_its_own(says):
    status, error = says(WEB="foo", DAILY_REQUESTS="0")
    assert status == 2
    assert [line.split(": ")[-2] for line in error.splitlines()] == [
        "MARKET_ASSETS_WEB",
        "MARKET_ASSETS_DAILY_REQUESTS",
    ]


def test_a_blank_contact_is_none(says):
    status, error = says(WEB="live", CONTACT="  ")
    assert status == 2
    assert "MARKET_ASSETS_CONTACT" in error


def test_a_dotenv_file_sets_and_a_misspelt_name_in_it_is_an_error(says, tmp_path):
    (tmp_path / ".env").write_text("MARKET_ASSETS_SANDBOX_SEED=7\n")
    assert read_settings({}).sandbox_seed == 7
    (tmp_path / ".env").write_text("MARKET_ASSETS_SANDBOX_SEAD=7\n")
    status, error = says()
    assert (status, error.split("; ")[0]) == (
        2,
        "error: no such setting: MARKET_ASSETS_SANDBOX_SEAD",
    )


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        (b"MARKET_ASSETS_WEB live\n", [1]),
        (b"OTHERS=1\n\n# words\n\nMARKET_ASSETS_CONTACT: t0ken\nA=1\nB = 'x\n", [5, 7]),
        (b'A=1\nMARKET_ASSETS_CONTACT="t0ken\nMARKET_ASSETS_WEB=live\n', [2]),
        (b"\n\nexport market_assets_web", [3]),
    ],
    ids=["no sign", "colon and others' quote", "open quote", "a name alone"],
)
def test_each_line_of_a_dotenv_file_that_sets_nothing_is_named_without_its_text(
    says, tmp_path, written, lines
):
    file = tmp_path / ".env"
    file.write_bytes(written)
    told = "\n".join(f"{file}, line {line}: not of the form NAME=value" for line in lines)
    assert says() == (2, f"error: {told}\n")


def test_a_line_of_a_dotenv_file_that_is_no_text_is_named_and_a_folder_is_none(says, tmp_path):
    file = tmp_path / ".env"
    file.write_bytes(b"A=1\nMARKET_ASSETS_CONTACT=Andr\xe9\n")
    assert says() == (2, f"error: {file}, line 2: not UTF-8\n")
    file.unlink()
    file.mkdir()
    assert read_settings({}).contact is None


def test_whatever_a_dotenv_file_may_be_made_of_is_read(tmp_path):
    text = (
        "\ufeff# words\r\n\r\nOTHERS\r\nexport MARKET_ASSETS_WEB = 'live' # words\r\n"
        'EMPTY=\r\nMARKET_ASSETS_CONTACT="desk\r\n@example.org"\r\n \r\n'
    )
    (tmp_path / ".env").write_text(text, "utf-8", newline="")
    settings = read_settings({})
    assert (settings.web, settings.contact) == ("live", "desk\n@example.org")
    (tmp_path / ".env").write_text("")
    assert read_settings({}).web == "sandbox"


def test_a_dotenv_file_may_hold_what_belongs_to_others(tmp_path):
    (tmp_path / ".env").write_text("DAGSTER_HOME=/somewhere\nMARKET_ASSETS_WEB=live\n")
    assert read_settings({}).web == "live"


def test_a_file_in_the_place_of_the_data_directory_is_refused_and_kept(says, tmp_path):
    (tmp_path / "data").write_text("mine")
    status, error = says()
    assert status == 2
    named = f"{tmp_path}/data is a file; the data directory is a folder"
    assert error == f"error: MARKET_ASSETS_DATA_DIR: {named}\n"
    assert (tmp_path / "data").read_text() == "mine"


def test_reading_follows_what_was_written_last_unless_a_mode_is_set(tmp_path, monkeypatch):
    here = {"data_dir": tmp_path}
    assert follow_mode(read_settings(here)).web == "sandbox"
    remember_mode(live(read_settings(here)))
    assert follow_mode(read_settings(here)).web == "live"
    assert read_settings(here).web == "sandbox"
    monkeypatch.setenv("MARKET_ASSETS_WEB", "sandbox")
    assert follow_mode(read_settings(here)).web == "sandbox"


def test_who_only_looks_at_the_sandbox_changes_no_mode(tmp_path):
    here = {"data_dir": tmp_path}
    remember_mode(live(read_settings(here)))
    keep_to_seed(read_settings(here | {"web": "sandbox"}))
    assert follow_mode(read_settings(here)).web == "live"


def test_two_invented_markets_never_share_a_directory(tmp_path):
    here = {"data_dir": tmp_path, "web": "sandbox"}
    remember_mode(read_settings(here | {"sandbox_seed": 7}))
    remember_mode(read_settings(here | {"sandbox_seed": 7}))
    with pytest.raises(SettingRefused, match="holds the market of seed 7, not of 8: set"):
        remember_mode(read_settings(here | {"sandbox_seed": 8}))
    remember_mode(live(read_settings(here | {"sandbox_seed": 8})))


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("HKEX__PARTICIPANTS", "00700", 'field "hkex"'),
        ("HKEX", "x", 'field "hkex"'),
        ("SOURCES", "x", 'field "sources"'),
        ("HKEX__PARTICIPANTS", "700", "HKEX__PARTICIPANTS: a JSON list is wanted"),
    ],
)
def test_several_values_are_asked_for_in_the_form_they_need(monkeypatch, name, value, told):
    monkeypatch.setenv(f"MARKET_ASSETS_{name}", value)
    with pytest.raises(SettingRefused) as refused:
        read_settings({})
    assert told in str(refused.value)
    assert 'such as ["00700"]' in str(refused.value)


def test_several_values_are_json(monkeypatch):
    monkeypatch.setenv("MARKET_ASSETS_HKEX__PARTICIPANTS", '["00700", "00005"]')
    assert read_settings({}).hkex.participants == ("00700", "00005")


def test_a_setting_cannot_be_changed_afterwards():
    with pytest.raises(Exception, match="frozen"):
        read_settings({}).web = "live"
    with pytest.raises(SettingRefused, match="MARKET_ASSETS_CONTACT"):
        read_settings({}).required_contact()


def delivery(**given: object):
    return read_settings({"delivery": given}).delivery


def test_recipients_are_names_of_targets_from_the_environment(monkeypatch):
    monkeypatch.setenv("MARKET_ASSETS_DELIVERY__TARGETS__OPS", "ntfy://t0ken@host/topic")
    monkeypatch.setenv("MARKET_ASSETS_DELIVERY__ALERTS__SOURCE", '["ops"]')
    told = read_settings({}).delivery
    assert told.alerts == {"source": ("ops",)}
    assert told.targets["ops"].get_secret_value() == "ntfy://t0ken@host/topic"
    assert "t0ken" not in repr(read_settings({}))


def test_without_a_setting_nobody_is_told():
    told = delivery()
    assert (told.targets, told.digests, told.alerts, told.smtp) == ({}, {}, {}, None)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"alerts": {"late": ["ben"]}}, "no target is called ben"),
        ({"targets": {"ops": "t0ken"}}, "the target ops is neither an address of mail nor a URL"),
        (
            {"targets": {"ben": "t0ken@b.org"}, "digests": {"hkex": ["ben"]}},
            "mail to ben needs MARKET_ASSETS_DELIVERY__SMTP__HOST",
        ),
        ({"quiet": {"start": "22:00", "end": "07:00", "zone": "Mars"}}, "there is no zone Mars"),
        (
            {
                "smtp": {
                    "host": "h",
                    "sender": "a@b.org",
                    "user": "u",
                    "password": "t0ken",
                    "security": "none",
                }
            },
            "a password is not sent over a connection that is not encrypted",
        ),
    ],
)
def test_a_delivery_that_cannot_work_is_refused_without_its_secrets(given, said):
    with pytest.raises(SettingRefused) as refused:
        delivery(**given)
    assert said in str(refused.value)
    assert "t0ken" not in str(refused.value)


def test_the_address_of_postgres_names_the_driver_and_is_never_shown(monkeypatch):
    monkeypatch.setenv("MARKET_ASSETS_DAGSTER__POSTGRES_URL", "postgresql://me:secret@host/db")
    url = read_settings({}).dagster.postgres_url
    assert url is not None
    assert url.get_secret_value() == "postgresql+psycopg2://me:secret@host/db"
    assert "me:secret" not in repr(read_settings({}))
    monkeypatch.setenv("MARKET_ASSETS_DAGSTER__POSTGRES_URL", "mysql://me:secret@host/db")
    with pytest.raises(SettingRefused) as refused:
        read_settings({})
    told = "MARKET_ASSETS_DAGSTER__POSTGRES_URL: an address begins with postgresql://"
    assert str(refused.value) == told
