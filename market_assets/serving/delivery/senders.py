"""The two ways out: a mail server of ours, and whatever apprise knows. Slow to import: apprise.

No address, token or password is in what a failure says.
"""

import re
import smtplib
import ssl
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import quote, urlsplit

from market_assets.serving.delivery.outbox import Message
from market_assets.settings import PREFIX, Settings, SmtpSettings, is_mail

if TYPE_CHECKING:
    from io import StringIO

SECONDS = 15
PERMANENT = 500
"""From this code on a mail server's no is for good."""
WITH_HEADERS = {"json", "jsons", "xml", "xmls", "form", "forms"}
"""apprise's webhooks: a header of ours can be sent along."""
AT_LEAST = 4
"""Letters of a part of a URL that is taken for a secret."""


class NotDelivered(Exception):
    """Nobody took the message; ``final``: and nobody will."""

    def __init__(self, said: str, *, final: bool = False) -> None:
        super().__init__(said)
        self.final = final


def send(settings: Settings, message: Message) -> None:
    """Send ``message`` to its recipient; raises ``NotDelivered``."""
    server = settings.delivery.smtp
    target = settings.delivery.targets.get(message.recipient)
    if target is None:
        raise NotDelivered(f"no target is called {message.recipient} any more", final=True)
    where = target.get_secret_value()
    if not is_mail(where):
        _notify(where, message)
    elif server is None:
        raise NotDelivered("no mail server is set")
    else:
        _mail(server, where, message, ca_bundle=settings.ca_bundle)


def addressed(message: Message, sender: str, address: str) -> EmailMessage:
    """The mail of ``message`` with its sender, recipient and Message-ID, which is its key."""
    if message.mail is None:
        mail = EmailMessage(policy=SMTP)
        mail["Subject"] = message.title
        mail.set_content(message.body)
    else:
        mail = cast("EmailMessage", message_from_bytes(message.mail, policy=SMTP))
    mail["From"], mail["To"] = sender, address
    mail["Message-ID"] = f"<{message.key}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    return mail


def _mail(server: SmtpSettings, address: str, message: Message, *, ca_bundle: Path | None) -> None:
    mail = addressed(message, server.sender, address)
    try:
        with _connected(server, ca_bundle) as connection:
            if server.user and server.password:
                connection.login(server.user, server.password.get_secret_value())
            # smtplib's own send_message writes ">From" where a line begins with "From".
            connection.sendmail(server.sender, [address], mail.as_bytes())
    except smtplib.SMTPRecipientsRefused as error:
        [(code, said)] = error.recipients.values()
        raise NotDelivered(_refused(code, said, address), final=code >= PERMANENT) from None
    except smtplib.SMTPAuthenticationError as error:
        raise NotDelivered(f"the mail server refuses the user: {error.smtp_code}") from None
    except smtplib.SMTPResponseException as error:
        final = error.smtp_code >= PERMANENT
        said = _refused(error.smtp_code, error.smtp_error, address)
        raise NotDelivered(said, final=final) from None
    except ssl.SSLCertVerificationError as error:
        raise NotDelivered(
            f"the mail server's certificate: {error.verify_message}; "
            f"{PREFIX}CA_BUNDLE adds an authority"
        ) from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotDelivered(f"the mail server: {type(error).__name__}: {error}") from error


def _connected(server: SmtpSettings, ca_bundle: Path | None) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if ca_bundle:
        context.load_verify_locations(ca_bundle)
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context)
    connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    if server.security == "starttls":
        try:
            connection.starttls(context=context)
        except BaseException:
            connection.close()
            raise
    return connection


def _refused(code: int, said: bytes | str, address: str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"the mail server says {code} {text.replace(address, '***')}"


def _notify(url: str, message: Message) -> None:
    import apprise  # noqa: PLC0415 -- half a second that only who is told this way waits for

    way = apprise.Apprise()
    if not way.add(with_key(url, message.key)):
        raise NotDelivered("apprise does not know the URL of this target", final=True)
    with apprise.LogCapture(level=apprise.logging.WARNING) as log:
        taken = way.notify(title=message.title, body=f"{message.body}\n\nref {message.key[:8]}")
        said = cast("StringIO", log).getvalue().strip()
    if not taken:
        lines = said.splitlines()
        raise NotDelivered(without_secrets(lines[0] if lines else "not taken", url))


def with_key(url: str, key: str) -> str:
    """``url`` with the header Idempotency-Key where it is a webhook of apprise's."""
    if urlsplit(url).scheme not in WITH_HEADERS:
        return url
    return f"{url}{'&' if '?' in url else '?'}+Idempotency-Key={quote(key)}"


def without_secrets(said: str, url: str) -> str:
    """``said`` without any part of ``url``."""
    for part in sorted(re.split(r"[/@:?&=+]+", url), key=len, reverse=True):
        if len(part) >= AT_LEAST:
            said = said.replace(part, "***")
    return said
