"""Answers kept in memory: a published version never changes, so neither does what it answers.

Who may have an answer, and the record of who had it, are not decided here.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import TypeAlias

from market_assets.settings import Scope

Question: TypeAlias = tuple[str, bytes, str]
"""The version, the path with its query, and the encoding."""
Headers: TypeAlias = list[tuple[bytes, bytes]]
OVERHEAD = 1024
"""Bytes that an answer takes beside its body, about."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A good answer of one version, as it is sent; ``scope`` is what it takes to have it."""

    version: str
    etag: bytes
    scope: Scope
    route: str
    headers: Headers
    body: bytes


class Kept:
    """The answers of the newest version, the least recently used dropped beyond ``most`` bytes.

    For one thread.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._bytes = 0
        self._version = ""
        self._answers: OrderedDict[Question, Answer] = OrderedDict()

    def get(self, question: Question) -> Answer | None:
        """The answer to ``question``, if it is kept."""
        answer = self._answers.get(question)
        if answer is not None:
            self._answers.move_to_end(question)
        return answer

    def put(self, question: Question, answer: Answer) -> None:
        """Keep ``answer``, and nothing of versions before it."""
        if answer.version < self._version:
            return
        if answer.version > self._version:
            self._answers.clear()
            self._bytes, self._version = 0, answer.version
        size = len(answer.body) + OVERHEAD
        if size > self._most // 8 or question in self._answers:
            return
        self._answers[question] = answer
        self._bytes += size
        while self._bytes > self._most:
            _, oldest = self._answers.popitem(last=False)
            self._bytes -= len(oldest.body) + OVERHEAD
