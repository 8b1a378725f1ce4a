"""Processes of their own for tests."""

import subprocess
import sys

from market_assets_tests.web import children


def started(task: str, *arguments: object, **options) -> subprocess.Popen[str]:
    """A process that does ``task`` of the module ``children``."""
    return subprocess.Popen(
        [sys.executable, "-m", children.__name__, task, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        **options,
    )


def said(process: subprocess.Popen[str]) -> list[str]:
    """The lines that ``process`` said until it ended well."""
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    return out.splitlines()
