"""Whether an answer is a wall: a refusal, challenge or captcha where the page should be.

A wall is reported as ``Blocked`` and never worked around. The signs are those that Cloudflare,
AWS WAF, Imperva, DataDome and HUMAN put into the pages and headers they answer with.
"""

from collections.abc import Mapping
from http import HTTPStatus

REFUSALS = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
FIRST_ERROR = 400

CHALLENGE = (
    b"<title>just a moment",
    b"cf-chl",
    b"_cf_chl_opt",
    b"enable javascript and cookies to continue",
    b"_incapsula_resource",
    b"captcha-delivery.com",
    b"px-captcha",
)
"""Only in pages that stand in for another one."""

CAPTCHA = (b"turnstile", b"captcha")
"""Also in the contact form of an honest page, so only counted in an error or a small page."""
SMALL = 16_384
LOOKED_AT = 131_072


def wall(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """What shows that this answer is a wall, or None. ``headers`` have lower-case names."""
    if status in REFUSALS:
        return f"status {status}"
    return challenge(status, headers, body)


def challenge(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """What shows that this answer is a challenge page, whatever its status, or None."""
    if "challenge" in headers.get("cf-mitigated", ""):
        return "the header cf-mitigated"
    if headers.get("x-amzn-waf-action", "") in {"challenge", "captcha"}:
        return "the header x-amzn-waf-action"
    if "html" not in headers.get("content-type", "") and not body.lstrip().startswith(b"<"):
        return None
    page = body[:LOOKED_AT].lower()
    suspect = status >= FIRST_ERROR or len(body) < SMALL
    for sign in (*CHALLENGE, *(CAPTCHA if suspect else ())):
        if sign in page:
            return f"the words {sign.decode()!r}"
    return None
