"""``market-assets keys``: made, listed, rotated, revoked; and what is typed wrongly is said."""

import re
from pathlib import Path

from typer.testing import CliRunner

from market_assets.cli.app import app

KEY = re.compile(r"^ma_[0-9a-f]{8}_[\w-]{43}$", re.MULTILINE)


def said(directory: Path, *words: str, status: int = 0) -> str:
    ran = CliRunner().invoke(app, ["keys", *words, "--data-dir", str(directory)])
    assert ran.exit_code == status, ran.output
    return ran.output


def states(directory: Path) -> list[str]:
    return [line.split()[-1] for line in said(directory, "list").splitlines()[1:] if line.strip()]


def test_a_key_is_shown_once_listed_by_its_beginning_rotated_and_revoked(tmp_path):
    (key,) = KEY.findall(said(tmp_path, "create", "alice", "--scope", "read", "--scope", "export"))
    listed = said(tmp_path, "list")
    assert key[:11] in listed
    assert key.split("_", 2)[2] not in listed
    assert "export read" in listed
    (new,) = KEY.findall(said(tmp_path, "rotate", key[:11], "--grace-hours", "0"))
    assert states(tmp_path) == ["expired", "active"]
    said(tmp_path, "revoke", new[:11])
    assert states(tmp_path) == ["expired", "revoked"]


def test_a_key_may_be_named_by_all_of_itself_and_its_secret_is_never_said(tmp_path):
    (key,) = KEY.findall(said(tmp_path, "create", "alice"))
    told = said(tmp_path, "revoke", key)
    assert states(tmp_path) == ["revoked"]
    told += said(tmp_path, "revoke", key, status=2)
    told += said(tmp_path, "revoke", f"ma_00000000_{key.split('_', 2)[2]}", status=2)
    assert key.split("_", 2)[2] not in told


def test_what_cannot_be_done_to_a_key_is_said(tmp_path):
    assert "no key is called none" in said(tmp_path, "revoke", "none", status=2)
    (key,) = KEY.findall(said(tmp_path, "create", "bob"))
    said(tmp_path, "revoke", key[:11])
    assert "is revoked already" in said(tmp_path, "rotate", key[:11], status=2)
    assert "'often' is no rate" in said(tmp_path, "create", "bob", "--rate", "often", status=2)
