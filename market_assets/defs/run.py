"""One run of the main job in this process, with its outcome as plain values."""

import logging
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import dagster as dg

from market_assets.defs.instance import PROCESS_TAG, open_instance
from market_assets.defs.location import code_location
from market_assets.defs.markets import Market
from market_assets.defs.platform import Platform
from market_assets.defs.window import Window, run_config, run_tags


@dataclass(frozen=True, kw_only=True)
class CheckOutcome:
    """One check of one table."""

    asset: str
    name: str
    passed: bool
    error: bool
    """Whether its failing is an error, not a warning."""
    meaning: str
    """What it looks for."""
    facts: Mapping[str, object]
    """What it says beside that, as plain values."""


@dataclass(frozen=True, kw_only=True)
class RunOutcome:
    """How a run ended. ``failures`` are the steps that failed, each with its message."""

    checks: tuple[CheckOutcome, ...]
    failures: tuple[str, ...]

    @property
    def nobody_answered(self) -> bool:
        """Whether sources were asked and not one gave a page."""
        asked = [check.facts["pages"] for check in self.checks if "pages" in check.facts]
        return bool(asked) and not any(asked)

    @property
    def succeeded(self) -> bool:
        """Whether somebody answered, every asset was built and no check failed as an error."""
        sound = not self.failures and all(c.passed or not c.error for c in self.checks)
        return sound and not self.nobody_answered


Progress = Callable[[str, int, int], None]
"""Told the name of each step that ends, how many have ended, and how many there are."""


def run(
    platform: Platform,
    market: Market,
    window: Window,
    *,
    from_captures: bool,
    progress: Progress,
) -> RunOutcome:
    """Ask, build, check and publish the sessions of ``window`` of a market."""
    steps = _Steps(progress)
    definitions = code_location(platform.settings, loggers={"progress": steps.logger()})
    job = definitions.resolve_job_def(market.job(from_captures=from_captures))
    steps.total = len(job.nodes)
    graph = definitions.resolve_asset_graph()
    meanings = {key: str(graph.get_check_spec(key).description) for key in graph.asset_check_keys}
    with open_instance(platform.settings) as instance:
        result = job.execute_in_process(
            instance=instance,
            tags=run_tags(window) | {PROCESS_TAG: str(os.getpid())},
            run_config=run_config(window) | {"loggers": {"progress": {}}},
            raise_on_error=False,
        )
        return RunOutcome(
            checks=tuple(_checks(result.get_asset_check_evaluations(), meanings)),
            failures=tuple(_failures(result)),
        )


def _checks(
    evaluations: Iterable[dg.AssetCheckEvaluation], meanings: Mapping[dg.AssetCheckKey, str]
) -> Iterable[CheckOutcome]:
    for evaluation in evaluations:
        yield CheckOutcome(
            asset=evaluation.asset_key.to_user_string(),
            name=evaluation.check_name,
            passed=evaluation.passed,
            error=evaluation.severity == dg.AssetCheckSeverity.ERROR,
            meaning=meanings[evaluation.asset_check_key],
            facts={name: value.value for name, value in evaluation.metadata.items()},
        )


def _failures(result: dg.ExecuteInProcessResult) -> Iterable[str]:
    for event in result.filter_events(lambda event: event.is_step_failure):
        error = event.step_failure_data.error
        cause = error.cause if error and error.cause else error
        yield f"{event.step_key}: {cause.message.strip() if cause else 'no message'}"


class _Steps(logging.Handler):
    """Hears the run's events as log records, and tells of each step that ends."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self.total = 0
        self._done = 0
        self._progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        event = getattr(record, "dagster_event", None)
        if event is not None and (event.is_step_success or event.is_step_failure):
            self._done += 1
            self._progress(event.step_key, self._done, self.total)

    def logger(self) -> dg.LoggerDefinition:
        """The only logger of the run: nothing is printed."""

        @dg.logger
        def quiet(_: dg.InitLoggerContext) -> logging.Logger:
            logger = logging.getLogger("market_assets.run")
            logger.setLevel(logging.DEBUG)
            logger.propagate = False
            logger.handlers = [self]
            return logger

        return quiet
