"""Which encoding an answer is sent in, and the encoding itself; of media types it knows nothing."""

import gzip
from functools import lru_cache
from typing import Literal, TypeAlias

import pyarrow as pa

Encoding: TypeAlias = Literal["zstd", "gzip", "identity"]
LEAST_BYTES = 1024
"""Smaller answers do not get smaller on the wire."""
GZIP_LEVEL = 5


@lru_cache(maxsize=256)
def accepted(header: bytes) -> Encoding:
    """The best encoding for an ``Accept-Encoding`` header: zstd, then gzip, then none."""
    weights: dict[str, float] = {}
    for part in header.decode("latin-1").lower().split(","):
        name, _, parameters = part.strip().partition(";")
        _, _, weight = parameters.partition("q=")
        try:
            weights[name.strip()] = float(weight) if weight else 1.0
        except ValueError:
            weights[name.strip()] = 0.0
    best: Encoding = "identity"
    highest = 0.0
    for encoding in ("zstd", "gzip"):
        if weights.get(encoding, 0.0) > highest:
            best, highest = encoding, weights[encoding]
    return best


def encoded(body: bytes, encoding: Encoding) -> bytes:
    """``body`` in ``encoding``."""
    match encoding:
        case "zstd":
            return pa.compress(body, codec="zstd", asbytes=True)
        case "gzip":
            return gzip.compress(body, GZIP_LEVEL, mtime=0)
        case "identity":
            return body
