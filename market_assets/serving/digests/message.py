"""A digest as a message of mail, to nobody yet, and as files; the same bytes for the same rows."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from market_assets.serving.digests import charts, layout
from market_assets.serving.digests.content import Digest
from market_assets.serving.digests.workbook import MEDIA_TYPE, workbook


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A digest in every form. ``html`` holds its pictures, ``mail`` refers to them by cid.

    ``chart`` is its first chart as Markdown.
    """

    digest: Digest
    html: str
    text: str
    markdown: str
    chart: str
    xlsx: bytes
    mail: bytes

    @property
    def forms(self) -> Mapping[str, bytes]:
        """Its files, by their endings, the mail last."""
        return {
            "html": self.html.encode(),
            "txt": self.text.encode(),
            "xlsx": self.xlsx,
            "eml": self.mail,
        }


def rendered(digest: Digest, *, attached: bool) -> Rendered:
    """``digest`` in every form; its workbook is in the mail where it may be ``attached``."""
    pictures = {bars.name: charts.drawn(bars) for bars in digest.charts}
    inline = {name: data_uri(png) for name, png in pictures.items()}
    references = {name: f"cid:{_cid(name)}" for name in pictures}
    plain, xlsx = layout.text(digest, withheld=not attached), workbook(digest)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = digest.subject
    message.set_content(plain)
    message.add_alternative(layout.html(digest, references, withheld=not attached), subtype="html")
    _, page = message.iter_parts()
    for name, png in pictures.items():
        page.add_related(
            png,
            *("image", "png"),
            cid=f"<{_cid(name)}>",
            filename=f"{name}.png",
            disposition="inline",
        )
    if attached:
        maintype, subtype = MEDIA_TYPE
        name = f"{digest.stem}.xlsx"
        message.add_attachment(xlsx, maintype=maintype, subtype=subtype, filename=name)
    _fix_boundaries(message, digest.stem)
    return Rendered(
        digest=digest,
        html=layout.html(digest, inline, withheld=not attached),
        text=plain,
        markdown=layout.markdown(digest),
        chart="\n".join(f"![{bars.title}]({inline[bars.name]})" for bars in digest.charts[:1]),
        xlsx=xlsx,
        mail=message.as_bytes(),
    )


def data_uri(png: bytes) -> str:
    """The picture as an address that holds it."""
    return f"data:image/png;base64,{b64encode(png).decode()}"


def _cid(name: str) -> str:
    return f"{name}@digest.market-assets"


def _fix_boundaries(message: EmailMessage, stem: str) -> None:
    """Parts are divided by our own marks, not by chance, so that equal rows give equal bytes."""
    divided = [part for part in message.walk() if part.is_multipart()]
    for number, part in enumerate(divided):
        part.set_boundary(f"=_{stem}_{number}")
