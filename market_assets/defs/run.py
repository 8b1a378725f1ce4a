"""One run of the main job in this process, with its outcome as plain values."""

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import dagster as dg

from market_assets.defs.instance import PROCESS_TAG, open_instance
from market_assets.defs.location import code_location
from market_assets.defs.markets import Market
from market_assets.defs.platform import Platform
from market_assets.defs.publication import published_key
from market_assets.defs.readings import PROGRESS
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
"""Told what is being done, how many steps have ended, and how many there are."""


def run(
    platform: Platform,
    market: Market,
    windows: Sequence[Window],
    *,
    from_captures: bool,
    progress: Progress,
) -> RunOutcome:
    """Ask, build, check and publish the sessions of ``windows`` (ascending) of a market.

    Each window is a run of its own; where there are several, what they built is published once, by
    a run after them. A window that fails is left out of that and stops no other.
    """
    steps = _Steps(progress)
    definitions = code_location(platform.settings, loggers={"progress": steps.logger()})
    job = definitions.resolve_job_def(market.job(from_captures=from_captures))
    steps.total = len(job.nodes) * len(windows)
    graph = definitions.resolve_asset_graph()
    meanings = {key: str(graph.get_check_spec(key).description) for key in graph.asset_check_keys}

    def outcome(
        window: Window, assets: Sequence[dg.AssetKey] | None, built: Iterable[Window]
    ) -> RunOutcome:
        result = job.execute_in_process(
            instance=instance,
            tags=run_tags(window) | {PROCESS_TAG: str(os.getpid())},
            run_config=run_config(window, built=built) | {"loggers": {"progress": {}}},
            raise_on_error=False,
            asset_selection=assets,
        )
        return RunOutcome(
            checks=tuple(_checks(result.get_asset_check_evaluations(), meanings)),
            failures=tuple(_failures(result)),
        )

    with open_instance(platform.settings) as instance, steps.heard():
        if len(windows) == 1:
            return outcome(windows[0], None, ())
        publishing = published_key(market)
        building = [key for key in job.asset_layer.executable_asset_keys if key != publishing]
        outcomes = [outcome(window, building, ()) for window in windows]
        whole = [w for w, each in zip(windows, outcomes, strict=True) if each.succeeded]
        if whole:
            outcomes.append(outcome(whole[-1], [publishing], whole[:-1]))
    return _together(outcomes)


def _together(outcomes: Sequence[RunOutcome]) -> RunOutcome:
    """Several runs as one: of each check what all of them found."""
    found: dict[tuple[str, str], list[CheckOutcome]] = {}
    for check in (check for each in outcomes for check in each.checks):
        found.setdefault((check.asset, check.name), []).append(check)
    return RunOutcome(
        checks=tuple(
            replace(
                same[-1],
                passed=all(check.passed for check in same),
                error=any(check.error and not check.passed for check in same),
                facts=_facts_together(same),
            )
            for same in found.values()
        ),
        failures=tuple(failure for each in outcomes for failure in each.failures),
    )


def _facts_together(checks: Iterable[CheckOutcome]) -> dict[str, object]:
    """Numbers are added up, texts follow each other."""
    told: dict[str, list[object]] = {}
    for name, value in (fact for check in checks for fact in check.facts.items()):
        told.setdefault(name, []).append(value)
    numbers = {
        name: sum(value for value in values if isinstance(value, int))
        for name, values in told.items()
        if all(isinstance(value, int) for value in values)
    }
    texts = {name: "\n".join(map(str, filter(None, values))) for name, values in told.items()}
    return {**texts, **numbers}


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
    """Hears the run's events as log records, and tells of each step that ends and page in it."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self.total = 0
        self._done = 0
        self._progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        if record.name == PROGRESS.name:
            self._progress(record.getMessage(), self._done, self.total)
        event = getattr(record, "dagster_event", None)
        if event is not None and (event.is_step_success or event.is_step_failure):
            self._done += 1
            self._progress(event.step_key, self._done, self.total)

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Hear what steps say of themselves, too."""
        PROGRESS.setLevel(logging.DEBUG)
        PROGRESS.addHandler(self)
        try:
            yield
        finally:
            PROGRESS.removeHandler(self)
            PROGRESS.setLevel(logging.NOTSET)

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
