"""The words in which a publisher's protocol is written down: what is demanded, and the refusal."""

import re
from collections.abc import Callable, Mapping

from market_assets.sandbox.messages import Answer, Question

CONTACT = "desk@example.org"
AGENT = re.compile(rf"market-assets/\S+ \(\+{re.escape(CONTACT)}\)")


class Violation(Exception):
    """What a server refuses, and the status it does it with."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.status = status


Rule = Callable[[Question], Question | Answer | None]
"""Raises ``Violation``, or says what is asked of the sandbox's format (None: the same question),
or answers itself."""


class Protocol:
    """The rules of one publisher, whose own pages are at ``url``."""

    def __init__(self, url: str) -> None:
        self.url = url

    def admitted(self, question: Question) -> Question | Answer:
        """What is asked of the sandbox's format, or an answer; raises ``Violation``."""
        demand(AGENT.fullmatch(question.headers.get("user-agent", "")), "a contact in User-Agent")
        demand(question.headers.get("accept-encoding") == "gzip", "Accept-Encoding: gzip")
        asked = f"{question.method} {question.path}"
        rules = [rule for page, rule in self.pages().items() if re.fullmatch(page, asked)]
        demand(len(rules) == 1, f"a documented page, not {asked}")
        return rules[0](question) or question

    def pages(self) -> Mapping[str, Rule]:
        """The rule of each page, by a pattern of method and path."""
        raise NotImplementedError

    def comes_from(self, question: Question, path: str) -> None:
        """Referer is ``path`` on this site."""
        demand(question.headers.get("referer") == self.url + path, f"Referer: {path}")

    def origin(self, question: Question, site: str) -> None:
        """Origin is the publisher's site, or the address that stands in for it."""
        demand(question.headers.get("origin") in {site, self.url}, f"Origin: {site}")


def demand(kept: object, rule: str, *, status: int = 400) -> None:
    """Raise the violation of ``rule`` unless it is kept."""
    if not kept:
        raise Violation(f"demanded: {rule}", status)


def query(question: Question, rules: Mapping[str, str | Callable[[str], object]]) -> None:
    """The query has exactly these names, with this text or one that the function accepts."""
    given = question.query
    demand(given.keys() == rules.keys(), f"parameters {sorted(rules)}, not {sorted(given)}")
    for name, rule in rules.items():
        kept = rule(given[name]) if callable(rule) else given[name] == rule
        demand(kept, f"{name} as documented, not {given[name]!r}")


def body(question: Question, *allowed: object) -> None:
    """The body is JSON, says so, and is one of ``allowed``."""
    kind = question.headers.get("content-type", "")
    demand(kind.startswith("application/json"), "Content-Type: application/json")
    demand(question.json in allowed, f"a documented body, not {question.json!r:.200}")


def action(name: str, *params: tuple[str, str, str]) -> object:
    """The one ACTION of CDG Capital's and Wafabourse's engine."""
    stated = [{"NAME": param, "TYPE": kind, "VALUE": value} for param, kind, value in params]
    asked = {"NAME": name, "TYPE": "SELECT", "VALUE": name}
    return {"ACTIONS": [{"ACTION": asked, "PARAMS": stated}]}
