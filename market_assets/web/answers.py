"""What an exchange amounts to: its facts for the archive, and the failure it means, if any."""

import re
import ssl
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.util.ssl_match_hostname import CertificateError

from market_assets.web.bodies import Body
from market_assets.web.failures import (
    Blocked,
    NotThisPage,
    RateLimited,
    SourceFailure,
    Unavailable,
    Untrusted,
)
from market_assets.web.headers import joined
from market_assets.web.walls import challenge, wall
from market_assets.web.warc import Answered, Asked

TRANSIENT = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
DEFAULT_PORTS = {"http": 80, "https": 443}
SECRETS = frozenset({"authorization", "ocp-apim-subscription-key", "x-api-key"})
"""Headers, in lower case, whose values are keys of the user's own and are never kept."""
WITHHELD = "withheld"
FOLD = re.compile(r"\s*[\r\n]+\s*")


def asked(prepared: requests.PreparedRequest) -> Asked:
    """The request as it was sent, but for the keys in its headers."""
    body = prepared.body or b""
    headers = [
        (name, WITHHELD if name.lower() in SECRETS else value)
        for name, value in (map(_text, header) for header in prepared.headers.items())
    ]
    return Asked(
        method=prepared.method or "GET",
        url=prepared.url or "",
        headers=headers,
        body=body if isinstance(body, bytes) else str(body).encode(),
    )


def answered(response: requests.Response, body: Body) -> Answered:
    """The head of the answer; a header that came twice is there twice, a folded one unfolded."""
    headers = [(name, FOLD.sub(" ", value).strip()) for name, value in response.raw.headers.items()]
    return Answered(
        status=response.status_code,
        reason=FOLD.sub(" ", response.reason or ""),
        headers=headers,
        truncated=body.truncated,
    )


def unsent(url: str, error: Exception) -> SourceFailure:
    """Why there was no answer at all."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError | CertificateError):
            return Untrusted(
                f"{url}: its certificate cannot be verified ({cause}). A certificate that the"
                " publisher omits can be added with MARKET_ASSETS_CA_BUNDLE"
            )
        cause = cause.__context__
    return Unavailable(f"{url}: {error}")


def failure_of(answer: Answered, body: Body, *, url: str, robots: bool) -> SourceFailure | None:
    """Why this answer is not given to the conversation; None when it is, whatever its status.

    A refused robots.txt (401, 403) forbids nothing (RFC 9309 2.3.1.3); a challenge always blocks.
    """
    headers = joined(answer.headers)
    sign = (challenge if robots else wall)(answer.status, headers, body.content)
    if sign is not None:
        return Blocked(f"{url}: a wall, shown by {sign}")
    if body.failure is not None:
        return body.failure
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(f"{url}: status 429")
    if answer.status in TRANSIENT or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unavailable(f"{url}: status {answer.status}")
    target = target_of(answer, url=url)
    if target is not None and not _same_host(target, url):
        return NotThisPage(f"{url}: redirects to {target}, which is not the same host")
    return None


def target_of(answer: Answered, *, url: str) -> str | None:
    """Where the answer redirects to."""
    location = joined(answer.headers).get("location")
    if answer.status not in REDIRECTS or location is None:
        return None
    try:
        return urljoin(url, location)
    except ValueError:
        return location


def _same_host(target: str, url: str) -> bool:
    """Same scheme, host and port, or the same host's step from plain HTTP to TLS."""
    try:
        to, at = urlsplit(target), urlsplit(url)
        to_port = to.port or DEFAULT_PORTS.get(to.scheme)
        at_port = at.port or DEFAULT_PORTS.get(at.scheme)
    except ValueError:
        return False
    if to.hostname != at.hostname:
        return False
    step = (at.scheme, at_port, to.scheme, to_port)
    return step == ("http", 80, "https", 443) or (to.scheme, to_port) == (at.scheme, at_port)


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")
