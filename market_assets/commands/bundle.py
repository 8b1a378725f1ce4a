"""The file of a backup: a gzipped tar of a heading, the files, and last their checksums.

Knows nothing of what the files are. What lacks its last member was cut off.
"""

import json
import tarfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from market_assets.settings import SettingRefused

HEADING, CHECKSUMS = "heading.json", "checksums.json"
FILES = "files/"
"""Begins the names of the files themselves."""
FORMAT = 1
LEVEL = 1
"""Of gzip: captures are compressed already."""
TORN = (tarfile.TarError, EOFError, zlib.error, OSError)
"""What reading a file raises that is cut, damaged or something else."""


class BundleRefused(SettingRefused):
    """The file that was named is no whole backup; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Heading:
    """What a backup is of: the mode, when it was made (ISO, UTC), and by which version."""

    mode: str
    made_at: str
    software: str
    format: int = FORMAT


def write(target: Path, heading: Heading, files: Iterable[tuple[str, Path]]) -> int:
    """Write ``files`` (name in the backup, where it is) to the file ``target``; how many.

    Links stay links. Raises ``OSError``.
    """
    sums: dict[str, str] = {}
    with tarfile.open(target, "w:gz", compresslevel=LEVEL) as tar:
        _add_json(tar, HEADING, asdict(heading))
        for name, path in files:
            member = tar.gettarinfo(path, FILES + name)
            if member.issym():
                sums[name] = member.linkname
                tar.addfile(member)
            else:
                with path.open("rb") as content:
                    summed = _Summed(content)
                    tar.addfile(member, summed)
                sums[name] = summed.digest.hexdigest()
        _add_json(tar, CHECKSUMS, sums)
    return len(sums)


def unpack(bundle: Path, into: Path) -> Heading:
    """Write the files of ``bundle`` below ``into``, and its heading.

    Raises ``BundleRefused`` for a file that is not a whole backup; what was written until then is
    the caller's to remove.
    """
    try:
        with tarfile.open(bundle, "r:gz") as tar:
            return _unpacked(tar, into, bundle)
    except TORN as error:
        raise BundleRefused(f"{bundle} is no whole backup: {error or 'it is cut off'}") from error


def heading_of(bundle: Path) -> Heading:
    """What ``bundle`` says it is, without reading on; raises ``BundleRefused``."""
    try:
        with tarfile.open(bundle, "r:gz") as tar:
            return _heading(tar, bundle)
    except TORN as error:
        raise BundleRefused(f"{bundle} is no backup: {error or 'it is cut off'}") from error


def _unpacked(tar: tarfile.TarFile, into: Path, bundle: Path) -> Heading:
    heading, found = _heading(tar, bundle), dict[str, str]()
    while (member := tar.next()) is not None:
        if member.name == CHECKSUMS:
            if _json(tar, member) != found:
                raise BundleRefused(f"{bundle} is damaged: a checksum is wrong")
            return heading
        tar.extract(member, into, filter="data")
        name = member.name.removeprefix(FILES)
        found[name] = member.linkname if member.issym() else _sum(into / member.name)
    raise BundleRefused(f"{bundle} is cut off: it ends before its checksums")


def _heading(tar: tarfile.TarFile, bundle: Path) -> Heading:
    first = tar.next()
    if first is None or first.name != HEADING:
        raise BundleRefused(f"{bundle} is no backup of this platform")
    said = _json(tar, first)
    if said.get("format") != FORMAT:
        raise BundleRefused(f"{bundle} is a backup of another format, {said.get('format')}")
    return Heading(**said)


def _add_json(tar: tarfile.TarFile, name: str, value: Mapping[str, Any]) -> None:
    text = json.dumps(value, indent=1).encode()
    member = tarfile.TarInfo(name)
    member.size = len(text)
    tar.addfile(member, BytesIO(text))


def _json(tar: tarfile.TarFile, member: tarfile.TarInfo) -> dict[str, Any]:
    content = tar.extractfile(member)
    return json.loads(content.read()) if content else {}


def _sum(file: Path) -> str:
    with file.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()


class _Summed:
    """A file that is read and summed at once."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self.digest = sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        chunk = self._content.read(size)
        self.digest.update(chunk)
        return chunk
