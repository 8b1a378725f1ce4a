"""How the engine of Wafabourse and CDG Capital Bourse is asked, and what it wraps answers in."""

import json
from typing import Any

from market_assets.sandbox.messages import Answer, Question


def action(question: Question) -> tuple[str, dict[str, str]]:
    """The name of the one ACTION in the question and its PARAMS by name; no name without one."""
    match question.json:
        case {"ACTIONS": [{"ACTION": {"NAME": str(name)}, "PARAMS": [*params]}]}:
            return name, {param["NAME"]: param["VALUE"] for param in params}
        case _:
            return "", {}


def answered(name: str, data: list[Any], *, valid: bool) -> Answer:
    """``data`` as the answer to ``name``."""
    body = json.dumps([{name: {"Valid": valid, "Data": data}}], ensure_ascii=False)
    return Answer(body=body.encode(), media_type="application/json; charset=utf-8")
