"""Certificates are verified, always; a person may add some, which takes none away."""

import ssl

import pytest
import trustme
from pytest_httpserver import HTTPServer
from werkzeug import Response

from market_assets.web.failures import Disallowed, Unavailable, Untrusted
from market_assets.web.limits import Limits
from market_assets_tests.web.publishers import Publisher, saying, speaking, whole


@pytest.fixture(scope="module")
def root():
    return trustme.CA()


@pytest.fixture
def serving():
    """``serving(context)`` is a publisher behind TLS."""
    servers = []

    def served(context):
        server = HTTPServer(host="localhost", ssl_context=context)
        server.start()
        servers.append(server)
        publisher = Publisher(server)
        publisher.answers("/robots.txt", Response("", status=404))
        publisher.answers("/prices", Response("ok"))
        return publisher

    yield served
    for server in servers:
        server.stop()


def context_of(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def pem(folder, authority):
    file = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return file


def test_an_unknown_authority_is_untrusted_and_the_cure_is_named(serving, root, converse):
    publisher = serving(context_of(root.issue_cert("localhost")))
    with pytest.raises(Untrusted, match=r"CERTIFICATE_VERIFY_FAILED.*MARKET_ASSETS_CA_BUNDLE"):
        converse(publisher.url)("/prices")
    assert publisher.asked == []


def test_an_added_authority_is_trusted(serving, root, converse, tmp_path):
    publisher = serving(context_of(root.issue_cert("localhost")))
    assert converse(publisher.url, ca_bundle=pem(tmp_path, root))("/prices").body == b"ok"


def test_an_omitted_intermediate_is_cured_by_adding_it_to_the_usual_ones(
    serving, root, converse, tmp_path, monkeypatch
):
    between = root.create_child_ca()
    certificate = between.issue_cert("localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf = tmp_path / "leaf.pem"
    leaf.write_bytes(certificate.private_key_pem.bytes() + certificate.cert_chain_pems[0].bytes())
    context.load_cert_chain(leaf)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pem(tmp_path, root)))
    publisher = serving(context)
    with pytest.raises(Untrusted, match="unable to get local issuer certificate"):
        converse(publisher.url)("/prices")
    added = tmp_path / "added.pem"
    between.cert_pem.write_to_path(str(added))
    assert converse(publisher.url, ca_bundle=added)("/prices").body == b"ok"


def test_a_certificate_for_another_name_is_untrusted(serving, root, converse, tmp_path):
    publisher = serving(context_of(root.issue_cert("example.org")))
    with pytest.raises(Untrusted, match="localhost"):
        converse(publisher.url, ca_bundle=pem(tmp_path, root))("/prices")


def test_a_broken_handshake_is_no_matter_of_trust(converse):
    with (
        speaking(saying(whole(b"plain text where TLS belongs"))) as url,
        pytest.raises(Disallowed, match=r"robots\.txt") as raised,
    ):
        converse(url.replace("http:", "https:"), limits=Limits(retries=0))("/prices")
    assert type(raised.value.__cause__) is Unavailable
