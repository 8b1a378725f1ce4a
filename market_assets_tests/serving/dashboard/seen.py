"""What a page of the dashboard shows, read from its elements."""

import base64
import json
from html.parser import HTMLParser
from struct import iter_unpack

from streamlit.testing.v1 import AppTest

from market_assets.serving.dashboard.server import SCRIPT

KINDS = {"f8": "d", "f4": "f", "i1": "b", "i2": "h", "i4": "i", "u1": "B", "u2": "H", "u4": "I"}


class Heads(HTMLParser):
    """What stands first in each note."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._within = ""

    def handle_starttag(self, tag, attrs):  # noqa: ARG002 -- the parser gives them
        self._within = tag if tag == "b" else ""

    def handle_data(self, data):
        if self._within:
            self.found.append(data)
        self._within = ""


def page_of(file: str, **address: str) -> AppTest:
    """The page ``file``, without its neighbours, at an address with these parameters."""
    app = AppTest.from_file(str(SCRIPT.parent / "views" / f"{file}.py"), default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    return app.run()


def notes(page: AppTest) -> list[str]:
    """The titles of the notes on a page."""
    found = Heads()
    for told in page.get("html"):
        if 'class="note"' in told.body:
            found.feed(told.body)
    return found.found


def series(page: AppTest, key: str, name: str | None, *, axis: str = "y") -> list[float | None]:
    """The values of a series of the chart ``key``; of its only one where ``name`` is None."""
    (chart,) = [each for each in page.get("plotly_chart") if key in each.proto.id]
    traces = json.loads(chart.proto.spec)["data"]
    (trace,) = [each for each in traces if name is None or each["name"] == name]
    values = trace[axis]
    if isinstance(values, dict):  # numbers as bytes
        kind = KINDS[values["dtype"].lstrip("<|")]
        return [each for (each,) in iter_unpack(f"<{kind}", base64.b64decode(values["bdata"]))]
    return values
