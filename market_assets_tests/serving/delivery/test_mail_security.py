"""A mail server is told nothing before it has proved who it is, and a password goes encrypted."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import trustme
from aiosmtpd.smtp import AuthResult, LoginPassword

from market_assets.serving.delivery.outbox import Message
from market_assets.serving.delivery.senders import NotDelivered, send
from market_assets.settings import Settings, read_settings
from market_assets_tests.serving.delivery.posts import ANNA, Post, free_port, post_office, smtp

USER, PASSWORD, WRONG = "digest", "correct horse", "battery staple"
MESSAGE = Message(kind="late", about="hkex", recipient="anna", title="hkex is late", body=".")
Asked = list[tuple[str, str]]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path) -> Path:
    """The certificates that a person adds."""
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    return tmp_path / "authority.pem"


@pytest.fixture
def serving(authority: trustme.CA) -> Iterator[Callable[..., tuple[Post, Asked]]]:
    """``serving(security, name)`` is a mail server that wants a login, and the logins it saw."""
    with ExitStack() as open_ones:

        def serving(security: str, *, name: str = "127.0.0.1") -> tuple[Post, Asked]:
            context, asked = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), Asked()
            authority.issue_cert(name).configure_cert(context)

            def known(_server, _session, _envelope, _way, said: LoginPassword) -> AuthResult:
                asked.append((said.login.decode(), said.password.decode()))
                return AuthResult(success=asked[-1] == (USER, PASSWORD), handled=False)

            encrypted = {
                "starttls": {"tls_context": context, "require_starttls": True},
                "tls": {"ssl_context": context, "auth_require_tls": False},
                "none": {},
            }
            wanted = {} if security == "none" else {"auth_required": True, "authenticator": known}
            office = post_office(free_port(), **encrypted[security], **wanted)
            return open_ones.enter_context(office), asked

        yield serving


def told(post: Post, ca_bundle: Path | None, **manner: object) -> Settings:
    given = smtp(post.port, user=USER, password=PASSWORD) | manner
    delivery = {"targets": {"anna": ANNA}, "smtp": given}
    return read_settings({"delivery": delivery, "ca_bundle": ca_bundle})


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_of_a_trusted_authority_takes_the_password_and_the_mail(
    serving, trusted, security
):
    post, asked = serving(security)
    send(told(post, trusted, security=security), MESSAGE)
    assert asked == [(USER, PASSWORD)]
    [(recipient, mail)] = post.taken
    assert (recipient, mail["Subject"]) == (ANNA, "hkex is late")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_wrong_password_is_told_and_tried_again_later(serving, trusted, security):
    post, asked = serving(security)
    settings = told(post, trusted, security=security, password=WRONG)
    with pytest.raises(NotDelivered) as caught:
        send(settings, MESSAGE)
    assert str(caught.value) == "the mail server refuses the user: 535"
    assert not caught.value.final
    assert asked[0] == (USER, WRONG)
    assert post.taken == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_an_unknown_authority_gets_neither_password_nor_mail(serving, security):
    post, asked = serving(security)
    with pytest.raises(NotDelivered) as caught:
        send(told(post, None, security=security), MESSAGE)
    assert str(caught.value) == (
        "the mail server's certificate: unable to get local issuer certificate; "
        "MARKET_ASSETS_CA_BUNDLE adds an authority"
    )
    assert not caught.value.final
    assert (asked, post.taken) == ([], [])


def test_a_certificate_for_another_name_is_refused(serving, trusted):
    post, asked = serving("starttls", name="mail.example.org")
    with pytest.raises(NotDelivered, match="IP address mismatch"):
        send(told(post, trusted, security="starttls"), MESSAGE)
    assert (asked, post.taken) == ([], [])


def test_a_server_that_does_not_encrypt_gets_nothing(serving, trusted):
    post, _ = serving("none")
    with pytest.raises(NotDelivered, match="STARTTLS extension not supported"):
        send(told(post, trusted, security="starttls"), MESSAGE)
    with pytest.raises(NotDelivered, match=r"SSLError.*WRONG_VERSION_NUMBER"):
        send(told(post, trusted, security="tls"), MESSAGE)
    assert post.taken == []
