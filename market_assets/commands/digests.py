"""``market-assets digest`` and ``deliver``: make a digest, tell people."""

from datetime import UTC, date, datetime

from rich.console import Console
from rich.table import Table

from market_assets.defs.delivery import NOBODY, told
from market_assets.defs.instance import open_instance
from market_assets.defs.run_digest import run_digest
from market_assets.serving.delivery import outbox
from market_assets.serving.delivery.state import State
from market_assets.settings import DigestName, Settings
from market_assets.warehouse.reader import Published


def digest(settings: Settings, name: DigestName, *, until: date | None) -> bool:
    """Run the job of the digest ``name`` and print where its files are; whether it was made.

    Raises ``NothingPublished``.
    """
    Published(settings.mode_dir / "published").current()
    outcome = run_digest(settings, name, until)
    for failure in outcome.failures:
        print(f"{name}: {failure}")
    if outcome.failures:
        return False
    print(outcome.subject)
    for ending, path in outcome.files.items():
        print(f"{ending:5}{path}")
    return True


def deliver(settings: Settings) -> bool:
    """Put in what there is to tell, send what is due and print how it went; whether all went."""
    with open_instance(settings) as instance:
        outcome = told(settings, instance, datetime.now(UTC))
    if outcome is None:
        print(NOBODY)
        return True
    print(f"{outcome.new} new, {outcome.delivered.sent} sent")
    for failure in outcome.delivered.failures:
        print(f"not sent: {failure}")
    return not outcome.delivered.failures


def listed(settings: Settings) -> bool:
    """Print what went to whom, or waits, newest first."""
    table = Table(
        *("put in", "what", "title", "to", "state", "tries", "said"), box=None, pad_edge=False
    )
    with State(settings.mode_dir).reading() as connection:
        for row in outbox.listed(connection):
            table.add_row(
                *(row["created_at"][:16], row["kind"], row["title"], row["recipient"]),
                *(row["state"], str(row["attempts"]), row["said"] or ""),
            )
    Console(width=200, soft_wrap=True).print(table)
    return True
