"""Who may ask what, how often, and what is remembered of it."""

import sqlite3
import time
from datetime import UTC, datetime, timedelta

import jwt
import pytest
import requests
from limits import parse

from market_assets.serving.api.access.audit import Audit, Entry
from market_assets.serving.api.access.keys import Keys
from market_assets.serving.api.access.rates import Counted
from market_assets.settings import SettingRefused
from market_assets_tests.serving.api.conftest import SECRET, Api, running


def detail(answer: requests.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.json()["detail"]


def test_only_the_sign_of_life_is_told_to_anybody(api):
    assert api.get("/health/live", key="").json() == {"status": "alive"}
    for path in ("/quotes", "/health", "/health/ready", "/metrics", "/openapi.json", "/docs", "/x"):
        answer = api.get(path, key="")
        assert "needs an API key" in detail(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_key_opens_until_it_is_revoked(api):
    key = api.made("carol")
    assert api.get("/quotes", key=key).status_code == 200
    other = requests.get(f"{api.url}/quotes", headers={"X-API-Key": key}, timeout=9)
    assert other.status_code == 200
    api.keys.revoke(key.split("_")[1])
    assert "is revoked" in detail(api.get("/quotes", key=key), 401)


def test_an_expired_key_does_not_open_even_what_is_kept(api):
    assert api.get("/quotes").status_code == 200
    assert "is expired" in detail(api.get("/quotes", key=api.made("carol", days=-1)), 401)


def test_a_browser_sends_the_key_as_a_password(api):
    key = api.made("carol")
    assert requests.get(f"{api.url}/docs", auth=("anybody", key), timeout=9).status_code == 200
    wrong = requests.get(f"{api.url}/docs", auth=(key, "x"), timeout=9)
    assert "no key of this" in detail(wrong, 401)
    assert "Basic" in wrong.headers["WWW-Authenticate"]
    for sent, said in (("Basic ?", "no user and password"), ("Digest x", "'Digest' is no way")):
        answer = requests.get(f"{api.url}/docs", headers={"Authorization": sent}, timeout=9)
        assert said in detail(answer, 401)


@pytest.mark.parametrize("changed", ["x", "ma_00000000_x", "a.b.c", "ma__", "é"])
def test_what_is_no_key_does_not_open(api, changed):
    answer = requests.get(
        f"{api.url}/quotes", headers={"X-API-Key": changed.encode("latin-1")}, timeout=9
    )
    assert "is no" in detail(answer, 401)


def test_a_key_with_another_secret_does_not_open(api):
    key = api.made("carol")
    assert "no key of this service" in detail(api.get("/quotes", key=key[:-1] + "!"), 401)


def test_a_rotated_key_opens_beside_the_new_one_until_its_grace_ends(api):
    old = api.made("dave", "read", "export")
    new = api.keys.rotate(old.split("_")[1], grace=timedelta(hours=1))
    assert [api.get("/quotes?format=csv", key=key).status_code for key in (old, new)] == [200, 200]
    newest = api.keys.rotate(new.split("_")[1], grace=timedelta(0))
    assert "is expired" in detail(api.get("/quotes", key=new), 401)
    assert api.get("/quotes", key=newest).status_code == 200
    with pytest.raises(SettingRefused, match="is expired already"):
        api.keys.rotate(new.split("_")[1], grace=timedelta(0))
    with pytest.raises(SettingRefused, match="no key is called nobody"):
        api.keys.revoke("nobody")


def test_a_file_takes_another_scope_than_reading_also_when_it_is_kept(api):
    reader, exporter = api.made("erin"), api.made("erin", "read", "export")
    for _ in range(2):
        assert "not the scope 'export'" in detail(api.get("/quotes?format=csv", key=reader), 403)
        assert api.get("/quotes?format=csv", key=exporter).status_code == 200
    assert "not the scope 'operate'" in detail(api.get("/metrics", key=exporter), 403)
    assert "not the scope 'read'" in detail(api.get("/quotes", key=api.made("x", "operate")), 403)


def test_a_session_stands_for_its_key_and_ends_with_it(api):
    key = api.made("frank")
    answer = api.ask("POST", "/sessions", key=key)
    assert answer.status_code == 201
    token = answer.json()["token"]
    assert api.get("/quotes", key=token).status_code == 200
    assert "the key itself" in detail(api.ask("POST", "/sessions", key=token), 403)
    assert "the key itself" in detail(api.ask("DELETE", "/me", key=token), 403)
    api.keys.revoke(key.split("_")[1])
    assert "is revoked" in detail(api.get("/quotes", key=token), 401)


def token(api: Api, *, secret: str, lives: timedelta, algorithm: str = "HS256") -> str:
    claims = {
        "iss": "market-assets",
        "sub": api.key.split("_")[1],
        "exp": datetime.now(UTC) + lives,
    }
    return jwt.encode(claims, secret, algorithm)


def test_a_session_that_is_over_or_forged_does_not_open(api):
    hour = timedelta(hours=1)
    assert api.get("/quotes", key=token(api, secret=SECRET, lives=hour)).status_code == 200
    over = token(api, secret=SECRET, lives=-hour)
    assert "session has ended" in detail(api.get("/quotes", key=over), 401)
    forged = token(api, secret="y" * 32, lives=hour)
    assert "no session of this" in detail(api.get("/quotes", key=forged), 401)
    unsigned = token(api, secret="", lives=hour, algorithm="none")
    assert "no session of this" in detail(api.get("/quotes", key=unsigned), 401)


def test_one_request_too_many_is_refused_and_other_keys_are_not(api):
    key = api.made("grace", rate="3/hour")
    assert [api.get("/quotes", key=key).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = api.get("/quotes", key=key)
    assert "more than 3/hour" in detail(refused, 429)
    assert int(refused.headers["Retry-After"]) > 0
    assert api.get("/quotes").status_code == 200


def test_a_window_slides_and_who_waits_as_told_is_let_in():
    counted = Counted(parse("10/minute"))
    asked = [counted.hit("ann", 600.0 + second) for second in range(11)]
    assert asked[:10] == [None] * 10
    assert asked[10] == 50.0
    assert counted.hit("bob", 610.0) is None
    half = [counted.hit("ann", 690.0) for _ in range(6)]
    assert half[:5] == [None] * 5
    assert half[5] == pytest.approx(0.0)
    assert counted.hit("ann", 690.1) is None
    refused = counted.hit("ann", 690.2)
    assert refused is not None
    assert 0 < refused < 6
    assert counted.hit("ann", 690.2 + refused + 0.01) is None
    assert counted.hit("ann", 6000.0) is None


def test_guessing_is_limited_by_address(marts):
    with running(marts, {"rate": "2/hour"}) as api:
        assert [api.get("/quotes", key="x").status_code for _ in range(3)] == [401, 401, 429]
        assert api.get("/quotes").status_code == 200


def test_a_setting_opens_reading_to_anybody_and_nothing_more(marts):
    with running(marts, {"anonymous": ("read",)}) as api:
        assert api.get("/quotes", key="").status_code == 200
        assert api.get("/quotes?format=csv", key="").status_code == 401
        assert api.get("/me", key="").status_code == 401


def test_browsers_of_other_origins_are_not_let_in_unless_a_setting_names_them(api, marts):
    asked = {"Origin": "https://a.example", "Access_Control_Request_Method": "GET"}
    assert "Access-Control-Allow-Origin" not in api.get("/quotes", **asked).headers
    with running(marts, {"origins": ["https://a.example"]}) as other:
        allowed = other.get("/quotes", **asked).headers["Access-Control-Allow-Origin"]
        assert allowed == "https://a.example"


def test_the_record_says_who_read_what_but_never_a_secret(api):
    key = api.made("heidi")
    api.get("/quotes/ATW", key=key)
    api.get("/quotes/ATW", key=key)
    api.get(f"/quotes/ATW?key={key}", key=key)
    told = api.get("/me", key=key).json()
    assert told["owner"] == "heidi"
    assert [each["key"] for each in told["keys"]] == [key[:11]]
    read = [(line["method"], line["target"], line["status"]) for line in told["audit"]]
    assert read == [
        ("GET", "/quotes/ATW", 200),
        ("GET", "/quotes/ATW", 200),
        ("GET", "/quotes/ATW?key=(a secret)", 422),
    ]
    secret = key.split("_", 2)[2].encode()
    files = list((api.directory / "sandbox" / "serving").iterdir())
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert not any(secret in file.read_bytes() for file in files)


def test_who_asks_for_it_is_forgotten_wholly(api):
    first, second = api.made("ivan"), api.made("ivan")
    other = api.made("judy")
    for key in (first, second, other):
        api.get("/quotes", key=key)
    erased = api.ask("DELETE", "/me", key=first).json()
    assert erased == {"owner": "ivan", "keys_erased": 2, "lines_erased": 2}
    assert api.get("/quotes", key=second).status_code == 401
    assert len(api.get("/me", key=other).json()["audit"]) == 1
    with sqlite3.connect(api.directory / "sandbox" / "serving" / "audit.sqlite") as file:
        assert file.execute("SELECT count(*) FROM audit WHERE owner = 'ivan'").fetchall() == [(0,)]


def test_the_record_keeps_as_many_days_as_are_set(tmp_path):
    now = datetime.now(UTC)
    audit = Audit(tmp_path, days=10_000)
    for days in (0, 89, 91):
        at = (now - timedelta(days=days)).isoformat()
        audit.note(Entry(at, "id", "kim", "GET", f"/{days}", 200, 0, 1.0))
    audit.close()
    audit = Audit(tmp_path, days=90)
    audit.close()
    assert [line["target"] for line in audit.of("kim")] == ["/89", "/0"]


def test_a_record_that_cannot_be_written_ends_the_answers(marts):
    with running(marts, {}) as api:
        key = api.made("leo")
        with sqlite3.connect(api.directory / "sandbox" / "serving" / "audit.sqlite") as file:
            file.execute("ALTER TABLE audit RENAME TO gone")
        try:
            until = time.monotonic() + 5
            statuses: set[int] = set()
            while 503 not in statuses and time.monotonic() < until:
                statuses.add(api.get("/quotes", key=key).status_code)
        finally:
            with sqlite3.connect(api.directory / "sandbox" / "serving" / "audit.sqlite") as file:
                file.execute("DROP TABLE IF EXISTS audit")
                file.execute("ALTER TABLE gone RENAME TO audit")
        assert 503 in statuses


def test_only_a_digest_of_a_key_is_kept(tmp_path):
    keys = Keys(tmp_path)
    text = keys.create("mia", scopes=["read"], rate=None, lifetime=timedelta(days=1))
    found = keys.find(text)
    assert found is not None
    assert (found.owner, len(found.digest)) == ("mia", 64)
    assert keys.find(text + "x") is None
    assert b"mia" in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    keys.close()
