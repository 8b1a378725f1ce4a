"""What is said of settings that cannot be used, by the names of their variables or their lines.

Knows no setting: which there are is read from their class. A variable is a field in capitals
behind a prefix, and what is below it comes behind ``__``.
"""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from fnmatch import fnmatchcase
from io import StringIO
from pathlib import Path
from typing import get_args, get_origin

from dotenv.parser import parse_stream
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

ANY_NAME = "*"


def no_such(names: Iterable[str], settings: type[BaseModel], prefix: str) -> Iterator[str]:
    """A line for each of ``names`` with the prefix that is no setting: which ones are like it."""
    known = list(_known(settings, prefix))
    for name in sorted(names):
        if name.startswith(prefix) and not any(fnmatchcase(name, each) for each in known):
            yield _no_such(name, known, prefix)


def faults(error: ValidationError, settings: type[BaseModel], prefix: str) -> Iterator[str]:
    """A line for each setting whose value cannot be used."""
    for fault in error.errors():
        name = f"{prefix}{'__'.join(map(str, fault['loc'])).upper()}"
        unknown = fault["type"] == "extra_forbidden"
        known = _known(settings, prefix)
        yield _no_such(name, known, prefix) if unknown else f"{name}: {_said(fault)}"


def unread(file: Path, prefix: str) -> Iterator[str]:
    """A line for each line of a ``.env`` file that sets nothing, or for the first without text.

    A name alone is an error where it has the prefix: others may mean something by it. Nothing of
    what is written there is told, for it may be a secret.
    """
    try:
        text = file.read_text("utf-8") if file.is_file() else ""
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        yield f"{file}, line {line}: not UTF-8"
        return
    for statement in parse_stream(StringIO(text)):
        original = statement.original
        alone = statement.value is None and (statement.key or "").upper().startswith(prefix)
        if statement.error or alone:
            before, _, _ = original.string.partition(original.string.strip())
            line = original.line + before.count("\n")
            yield f"{file}, line {line}: not of the form NAME=value"


def _known(model: type[BaseModel], prefix: str) -> Iterator[str]:
    """The names of all settings of ``model``, whole parts of it (as JSON) among them."""
    for field, about in model.model_fields.items():
        name, kinds = f"{prefix}{field}".upper(), get_args(about.annotation)
        yield name
        if get_origin(about.annotation) is dict:
            name, kinds = f"{name}__{ANY_NAME}", kinds[1:]
            yield name
        for kind in kinds or [about.annotation]:
            yield from _parts(kind, f"{name}__")


def _parts(kind: object, prefix: str) -> Iterator[str]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from _known(kind, prefix)


def _no_such(name: str, known: Iterable[str], prefix: str) -> str:
    source = re.match(rf"{prefix}SOURCES?__(\w+?)__", name)
    whose = source[1] if source else "<SOURCE>"
    near = get_close_matches(name, [each.replace(ANY_NAME, whose) for each in known], cutoff=0.9)
    return f"no such setting: {name}" + (f"; did you mean {' or '.join(near)}?" if near else "")


def _said(fault: ErrorDetails) -> str:
    """Pydantic's words, but for what they leave out."""
    given = fault["input"]
    match fault["type"]:
        case "tuple_type":
            return f'a JSON list is wanted, such as ["00700"], not {given}'
        case "path_not_file":
            return f"there is no file {given}"
        case _:
            return fault["msg"].removeprefix("Value error, ")
