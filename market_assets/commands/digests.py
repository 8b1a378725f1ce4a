"""``market-assets digest`` and ``deliver``: make a digest, tell people."""

from datetime import UTC, date, datetime

from dagster._core.execution.plan.objects import StepFailureData
from rich.console import Console
from rich.table import Table

from market_assets.defs.delivery import NOBODY, told
from market_assets.defs.digests import digest_job, digest_key, run_config
from market_assets.defs.instance import open_instance
from market_assets.defs.location import code_location
from market_assets.serving.delivery import outbox
from market_assets.serving.delivery.state import State
from market_assets.settings import DigestName, Settings
from market_assets.warehouse.reader import Published

QUIET = {"log_level": "CRITICAL"}
"""Of the run's console: the command says itself how it went."""


def digest(settings: Settings, name: DigestName, *, until: date | None) -> bool:
    """Run the job of the digest ``name`` and print where its files are; whether it was made.

    Raises ``NothingPublished``.
    """
    Published(settings.mode_dir / "published").current()
    job = code_location(settings, loggers=None).resolve_job_def(digest_job(name))
    with open_instance(settings.data_dir) as instance:
        result = job.execute_in_process(
            instance=instance,
            run_config=run_config(name, until) | {"loggers": {"console": {"config": QUIET}}},
            raise_on_error=False,
        )
    if not result.success:
        for event in result.filter_events(lambda event: event.is_step_failure):
            print(f"{name}: {_why(event.step_failure_data)}")
        return False
    [event] = result.asset_materializations_for_node(digest_key(name).to_python_identifier())
    print(event.metadata["subject"].value)
    for ending in ("html", "txt", "xlsx", "eml"):
        print(f"{ending:5}{event.metadata[ending].value}")
    return True


def _why(failure: StepFailureData) -> str:
    """What the asset says of it, or the error behind it."""
    if failure.user_failure_data and failure.user_failure_data.description:
        return failure.user_failure_data.description
    error = failure.error.cause or failure.error if failure.error else None
    return error.message.strip() if error else "no message"


def deliver(settings: Settings) -> bool:
    """Put in what there is to tell, send what is due and print how it went; whether all went."""
    with open_instance(settings.data_dir) as instance:
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
