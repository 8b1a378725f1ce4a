"""The headers of requests and answers; which of them an archive keeps, and how, it knows not."""

from collections.abc import Mapping, Sequence

Headers = Sequence[tuple[str, str]]

TRANSPORT = frozenset({"content-encoding", "transfer-encoding", "content-length"})
"""Those that describe how a body is sent, not what it is."""


def joined(headers: Headers) -> dict[str, str]:
    """``headers`` by lower-case name; one that came more than once, with commas (RFC 9110 5.2)."""
    named: dict[str, str] = {}
    for name, value in headers:
        lower = name.lower()
        named[lower] = f"{named[lower]}, {value}" if lower in named else value
    return named


def refreshed(headers: Mapping[str, str], unchanged: Mapping[str, str]) -> dict[str, str]:
    """The ``headers`` of a stored answer, updated by those of an answer 304 (RFC 9111 3.2)."""
    return {**headers, **{n: v for n, v in unchanged.items() if n not in TRANSPORT}}
