"""API keys in SQLite: made, found, revoked, rotated; only digests are kept.

A key is ``ma_<id>_<secret>``, its secret 256 random bits, so one SHA-256 is enough: there is no
dictionary to try, and each request can afford it. (argon2 slows the guessing of passwords; there
are none here.) The id is what lists and logs show.
"""

import secrets
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path

from market_assets.serving.api.access.database import opened
from market_assets.settings import SettingRefused

FILE = "keys.sqlite"
SCHEMA = """
CREATE TABLE IF NOT EXISTS keys (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, digest TEXT NOT NULL, scopes TEXT NOT NULL,
    rate TEXT, created_at TEXT NOT NULL, expires_at TEXT NOT NULL, revoked_at TEXT, rotates TEXT
)"""


@dataclass(frozen=True, kw_only=True)
class Key:
    """What is known of a key; ``rate`` is None where the setting decides."""

    id: str
    owner: str
    digest: str
    scopes: frozenset[str]
    rate: str | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    rotates: str | None

    def state(self, now: datetime) -> str:
        """Whether it is active, expired or revoked at ``now``."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at <= now else "active"


def key_id(text: str) -> str:
    """The id in what names a key: itself, with ``ma_`` before it or not, or the whole key."""
    return text.removeprefix("ma_").partition("_")[0]


class Keys:
    """The keys in ``directory``; safe for many processes, and for many threads but ``find``."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / FILE
        self._watch = opened(self._path, SCHEMA)
        self._seen: int | None = None
        self._known: dict[str, Key] = {}

    def close(self) -> None:
        """Let go of the file."""
        self._watch.close()

    def find(self, text: str) -> Key | None:
        """The key that ``text`` is, whatever its state; None for no key of ours."""
        match text.split("_", 2):
            case ["ma", id_, _]:
                key = self.named(id_)
            case _:
                return None
        return key if key and compare_digest(key.digest, _digest(text)) else None

    def named(self, id_: str) -> Key | None:
        """The key of that id; what another process changed is seen at once."""
        [(changed,)] = self._watch.execute("PRAGMA data_version").fetchall()
        if changed != self._seen:
            self._seen, self._known = changed, {key.id: key for key in self.listed()}
        return self._known.get(id_)

    def listed(self) -> list[Key]:
        """All keys, oldest first."""
        with closing(self._connection()) as connection:
            rows = connection.execute("SELECT * FROM keys ORDER BY created_at, id").fetchall()
        return [_key(row) for row in rows]

    def create(
        self,
        owner: str,
        *,
        scopes: Sequence[str],
        rate: str | None,
        lifetime: timedelta,
        rotates: str | None = None,
    ) -> str:
        """A new key of ``owner``, told this once."""
        id_, now = secrets.token_hex(4), datetime.now(UTC)
        text = f"ma_{id_}_{secrets.token_urlsafe(32)}"
        row = (
            *(id_, owner, _digest(text), " ".join(sorted(scopes)), rate),
            *(now.isoformat(), (now + lifetime).isoformat(), None, rotates),
        )
        with closing(self._connection()) as connection, connection:
            connection.execute(f"INSERT INTO keys VALUES ({', '.join('?' * len(row))})", row)
        return text

    def revoke(self, id_: str) -> None:
        """End the key at once; raises ``SettingRefused`` for none that is active."""
        self._set(self._active(id_).id, "revoked_at", datetime.now(UTC))

    def rotate(self, id_: str, *, grace: timedelta) -> str:
        """A new key like an active one, which ends after ``grace``."""
        old, now = self._active(id_), datetime.now(UTC)
        text = self.create(
            old.owner,
            scopes=sorted(old.scopes),
            rate=old.rate,
            lifetime=old.expires_at - old.created_at,
            rotates=old.id,
        )
        self._set(old.id, "expires_at", min(now + grace, old.expires_at))
        return text

    def erase(self, owner: str) -> int:
        """Forget all keys of ``owner``; how many they were."""
        with closing(self._connection()) as connection, connection:
            return connection.execute("DELETE FROM keys WHERE owner = ?", [owner]).rowcount

    def _active(self, id_: str) -> Key:
        key = self.named(id_)
        if key is None:
            raise SettingRefused(f"no key is called {id_}: `market-assets keys list` names them")
        if (state := key.state(datetime.now(UTC))) != "active":
            raise SettingRefused(f"the key {id_} is {state} already")
        return key

    def _set(self, id_: str, column: str, instant: datetime) -> None:
        with closing(self._connection()) as connection, connection:
            query = f"UPDATE keys SET {column} = ? WHERE id = ?"
            connection.execute(query, [instant.isoformat(), id_])

    def _connection(self) -> sqlite3.Connection:
        return opened(self._path, SCHEMA)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _key(row: tuple[str, ...]) -> Key:
    id_, owner, digest, scopes, rate, created, expires, revoked, rotates = row
    return Key(
        id=id_,
        owner=owner,
        digest=digest,
        scopes=frozenset(scopes.split()),
        rate=rate,
        created_at=datetime.fromisoformat(created),
        expires_at=datetime.fromisoformat(expires),
        revoked_at=datetime.fromisoformat(revoked) if revoked else None,
        rotates=rotates,
    )
