"""Who asks: the key or session of a request, what it may do, and the sessions that keys open."""

import binascii
import secrets
from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt

from market_assets.serving.api.access.keys import Key, Keys
from market_assets.serving.api.problems import Problem
from market_assets.settings import ApiSettings

ALGORITHM = "HS256"
ISSUER = "market-assets"


@dataclass(frozen=True, kw_only=True)
class Principal:
    """Who asks; ``key`` is None for nobody known, who may do what the setting opens."""

    key: Key | None
    scopes: frozenset[str]
    session: bool

    def require(self, scope: str) -> None:
        """Raises a problem unless this one may do what ``scope`` names."""
        if scope in self.scopes:
            return
        if self.key is None:
            raise unidentified("this needs an API key")
        raise Problem(
            kind="scope",
            status=403,
            detail=f"the key {self.key.id} has not the scope {scope!r} that this needs",
        )


def unidentified(detail: str) -> Problem:
    """That a request must say who asks, and how."""
    return Problem(
        kind="unidentified",
        status=401,
        detail=f"{detail}: send it as `Authorization: Bearer ...`; `market-assets keys create` "
        "makes one",
        headers={"www-authenticate": 'Bearer realm="market-assets", Basic realm="market-assets"'},
    )


class Identities:
    """Tells who asks by the headers of a request."""

    def __init__(self, keys: Keys, settings: ApiSettings) -> None:
        self._keys = keys
        self._anonymous = Principal(key=None, scopes=frozenset(settings.anonymous), session=False)
        secret = settings.session_secret
        self._secret = secret.get_secret_value() if secret else secrets.token_urlsafe(32)
        self._lifetime = timedelta(minutes=settings.session_minutes)

    def of(self, headers: Iterable[tuple[bytes, bytes]]) -> Principal:
        """Who sent ``headers``; raises a problem for a key that is none, or is none any more."""
        text = _credential(headers)
        if text is None:
            return self._anonymous
        key = self._of_session(text) if text.count(".") == _DOTS else self._keys.find(text)
        if key is None:
            raise unidentified("this is no key of this service")
        if (state := key.state(datetime.now(UTC))) != "active":
            raise unidentified(f"the key {key.id} is {state}")
        return Principal(key=key, scopes=key.scopes, session=text.count(".") == _DOTS)

    def session(self, key: Key) -> tuple[str, datetime]:
        """A short-lived token that stands for ``key``, and when it ends."""
        now = datetime.now(UTC)
        until = min(now + self._lifetime, key.expires_at)
        claims = {"iss": ISSUER, "sub": key.id, "iat": now, "exp": until}
        return jwt.encode(claims, self._secret, ALGORITHM), until

    def _of_session(self, token: str) -> Key | None:
        try:
            claims = jwt.decode(
                token,
                self._secret,
                [ALGORITHM],
                issuer=ISSUER,
                options={"require": ["exp", "sub", "iss"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise unidentified("this session has ended, a key opens another") from error
        except jwt.InvalidTokenError as error:
            raise unidentified("this is no session of this service") from error
        return self._keys.named(claims["sub"])


_DOTS = 2
"""In a JSON Web Token; a key has none."""


def _credential(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    for name, value in headers:
        if name == b"authorization":
            scheme, _, text = value.decode("latin-1").partition(" ")
            match scheme.lower():
                case "bearer":
                    return text.strip()
                case "basic":
                    return _password(text)
                case _:
                    raise unidentified(f"{scheme!r} is no way to say who asks")
        if name == b"x-api-key":
            return value.decode("latin-1").strip()
    return None


def _password(text: str) -> str:
    """The key that a browser sends as the password of a user, whose name does not matter."""
    try:
        told = b64decode(text, validate=True).decode("latin-1")
    except binascii.Error as error:
        raise unidentified("this is no user and password") from error
    return told.partition(":")[2]
