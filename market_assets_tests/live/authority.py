"""TLS on loopback by an authority that nobody trusts until a person adds it."""

import ssl
from pathlib import Path

import trustme


class Authority:
    """A certificate authority that nobody knows, and a server's certificate by it."""

    def __init__(self, folder: Path) -> None:
        self.pem, self._leaf = folder / "authority.pem", folder / "leaf.pem"

    def issue(self) -> None:
        """Make both files."""
        root = trustme.CA()
        root.cert_pem.write_to_path(str(self.pem))
        root.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(str(self._leaf))

    def context(self) -> ssl.SSLContext:
        """What the server speaks TLS with."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._leaf)
        return context
