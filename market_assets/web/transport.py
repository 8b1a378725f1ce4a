"""How a request gets onto the wire: the adapter, the certificates, the proxies, the time-outs."""

from pathlib import Path

import certifi
import requests
from requests.adapters import BaseAdapter, HTTPAdapter

from market_assets.web.limits import Limits
from market_assets.web.trust import AddedTrust


class Transport:
    """Sends requests to one publisher; verifies TLS, always.

    Proxies and certificates of the machine (``HTTPS_PROXY``, ``REQUESTS_CA_BUNDLE``) are honoured;
    ``ca_bundle`` adds to the latter.
    """

    def __init__(
        self,
        base_url: str,
        *,
        adapter: BaseAdapter | None,
        ca_bundle: Path | None,
        limits: Limits,
    ) -> None:
        machine = requests.Session().merge_environment_settings(
            base_url, proxies={}, stream=True, verify=True, cert=None
        )
        usual = certifi.where() if machine["verify"] is True else machine["verify"]
        self._trust = AddedTrust(ca_bundle, usual=Path(usual)) if ca_bundle else None
        self._verify = self._trust.file if self._trust else usual
        self._proxies = machine["proxies"]
        self._timeout = (limits.connect_seconds, limits.read_seconds)
        self._own = adapter is None
        self._adapter = adapter or HTTPAdapter()

    def send(self, prepared: requests.PreparedRequest) -> requests.Response:
        """The answer, its body unread; raises what ``requests`` and ``urllib3`` raise."""
        return self._adapter.send(
            prepared,
            stream=True,
            timeout=self._timeout,
            verify=self._verify,
            proxies=self._proxies,
        )

    def close(self) -> None:
        """Let go of the connections and the added certificates."""
        if self._own:
            self._adapter.close()
        if self._trust:
            self._trust.close()
