"""The files of digests: whole or not there, the mail last."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

FOLDER = "digests"


def kept(directory: Path, stem: str, forms: Mapping[str, bytes]) -> Mapping[str, Path]:
    """Write a digest's ``forms``, by their endings, into ``directory``; where each is."""
    directory.mkdir(parents=True, exist_ok=True)
    paths: dict[str, Path] = {}
    for ending, content in forms.items():
        paths[ending] = directory / f"{stem}.{ending}"
        building = paths[ending].with_suffix(f".{ending}.building")
        building.write_bytes(content)
        building.replace(paths[ending])
    return paths


def newest_mail(directory: Path, name: str) -> tuple[date, Path] | None:
    """The mail of the newest digest called ``name``, and its day; None where there is none."""
    found = sorted(directory.glob(f"{name}-????-??-??.eml"))
    if not found:
        return None
    return date.fromisoformat(found[-1].stem.removeprefix(f"{name}-")), found[-1]
