"""What is a wall and what only looks like one; a wall ends the asking, and is kept."""

import pytest
from werkzeug import Response

from market_assets.web.failures import Blocked
from market_assets.web.walls import wall
from market_assets_tests.web.scene import SESSION, SOURCE

HTML = {"content-type": "text/html; charset=utf-8"}
MOMENT = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>"
FORM = b"<script src='https://challenges.cloudflare.com/turnstile/v0/api.js'></script>"


@pytest.mark.parametrize(
    ("status", "headers", "body", "sign"),
    [
        (401, {}, b"", "status 401"),
        (403, {}, b"{}", "status 403"),
        (200, HTML, MOMENT, "just a moment"),
        (503, HTML, MOMENT, "just a moment"),
        (429, HTML, b"<div class='cf-chl-widget'>", "cf-chl"),
        (200, HTML, b"<script>window._cf_chl_opt={}", "_cf_chl_opt"),
        (200, {}, b"  <p>Enable JavaScript and cookies to continue", "enable javascript"),
        (200, HTML, FORM, "turnstile"),
        (404, HTML, b"<html>" + b" " * 20_000 + FORM, "turnstile"),
        (200, HTML, b"<form>Please solve the CAPTCHA", "captcha"),
        (200, HTML, b"<iframe src='/_Incapsula_Resource?x'>", "_incapsula_resource"),
        (200, HTML, b"<script src='https://geo.captcha-delivery.com/c.js'>", "captcha-delivery"),
        (202, {"x-amzn-waf-action": "challenge"}, b"", "x-amzn-waf-action"),
        (200, {"cf-mitigated": "challenge"}, b"", "cf-mitigated"),
    ],
)
def test_a_wall_is_recognised_by_its_signs(status, headers, body, sign):
    assert sign in (wall(status, headers, body) or "")


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (200, HTML, b"<html><table><tr><td>ATW</td></tr></table></html>"),
        (200, HTML, b"<table>" + b"<tr><td>ATW</td></tr>" * 2000 + FORM),
        (200, {"content-type": "application/json"}, b'{"note": "captcha, cf-chl, just a moment"}'),
        (404, HTML, b"<html>no such page</html>"),
        (500, HTML, b"<html>oops</html>"),
        (200, {"x-amzn-waf-action": "allow", **HTML}, b"<p>ok"),
        (200, HTML, b""),
    ],
)
def test_an_honest_page_is_no_wall(status, headers, body):
    assert wall(status, headers, body) is None


@pytest.mark.parametrize("status", [200, 403, 429, 503])
def test_behind_a_wall_nothing_more_is_asked_in_the_conversation(
    open_publisher, converse, archive, status
):
    challenge = Response(MOMENT, status=status, mimetype="text/html")
    open_publisher.answers("/prices", challenge, Response("ok"))
    ask = converse(open_publisher.url)
    with pytest.raises(Blocked, match="/prices: a wall, shown by"):
        ask("/prices")
    with pytest.raises(Blocked, match=r"is left alone: .*/prices: a wall, shown by"):
        ask("/other")
    assert open_publisher.paths == ["/robots.txt", "/prices"]
    (row,) = [row for row in archive.attempts(SOURCE, SESSION, SESSION) if row.kind == "attempt"]
    assert (row.status, archive.read(row).body) == (status, MOMENT)
    assert archive.captures(SOURCE, SESSION, SESSION) == []
    assert converse(open_publisher.url)("/prices").body == b"ok"
