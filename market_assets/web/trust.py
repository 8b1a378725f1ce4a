"""Whose certificates are trusted: the usual ones and those a person adds; never everyone's."""

import tempfile
from pathlib import Path


class AddedTrust:
    """A PEM file of the ``usual`` certificates and those of ``added``, gone with the object.

    A publisher that omits its intermediate certificate is cured by adding that one.
    """

    def __init__(self, added: Path, *, usual: Path) -> None:
        self._file = tempfile.NamedTemporaryFile(suffix=".pem")  # noqa: SIM115 - lives with the object
        self._file.write(usual.read_bytes() + b"\n" + added.read_bytes())
        self._file.flush()

    @property
    def file(self) -> str:
        """Where the file is."""
        return self._file.name

    def close(self) -> None:
        """Remove the file."""
        self._file.close()
