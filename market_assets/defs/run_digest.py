"""One digest made in this process, with its outcome as plain values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import dagster as dg

from market_assets.defs.digests import digest_job, digest_key, run_config
from market_assets.defs.instance import open_instance
from market_assets.defs.location import code_location
from market_assets.settings import DigestName, Settings

ENDINGS = ("html", "txt", "xlsx", "eml")
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""The run prints nothing: who started it says how it went."""


@dataclass(frozen=True, kw_only=True)
class DigestOutcome:
    """What was made: its subject and its files by their endings; or why it was not."""

    subject: str
    files: Mapping[str, str]
    failures: tuple[str, ...]


def run_digest(settings: Settings, name: DigestName, until: date | None) -> DigestOutcome:
    """Run the job of the digest ``name``, as of ``until`` or of today."""
    job = code_location(settings, loggers=None).resolve_job_def(digest_job(name))
    with open_instance(settings) as instance:
        result = job.execute_in_process(
            instance=instance, run_config=run_config(name, until) | QUIET, raise_on_error=False
        )
    if not result.success:
        return DigestOutcome(subject="", files={}, failures=tuple(_failures(result)))
    node = digest_key(name).to_python_identifier()
    [made] = result.asset_materializations_for_node(node)
    return DigestOutcome(
        subject=str(made.metadata["subject"].value),
        files={ending: str(made.metadata[ending].value) for ending in ENDINGS},
        failures=(),
    )


def _failures(result: dg.ExecuteInProcessResult) -> Iterator[str]:
    """What the asset says of its failure, or the error behind it."""
    for event in result.filter_events(lambda event: event.is_step_failure):
        failure = event.step_failure_data
        said = failure.user_failure_data.description if failure.user_failure_data else None
        error = failure.error.cause or failure.error if failure.error else None
        yield said or (error.message.strip() if error else "no message")
