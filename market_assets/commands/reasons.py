"""Why sources did not serve, one line each: from the run's checks, else from the quarantine."""

from market_assets.commands.closings import CLOSINGS
from market_assets.defs.captures import ANSWERED, SWITCH
from market_assets.defs.markets import Market
from market_assets.defs.run import RunOutcome
from market_assets.defs.window import Window
from market_assets.warehouse.reader import Published

PUT_ASIDE = """
WITH refused AS (
    SELECT *, kind = 'page' AS page FROM quality.quarantine
    WHERE session BETWEEN $first AND $last AND list_contains($sources, source)
), silent AS (
    SELECT source FROM {quality} WHERE session BETWEEN $first AND $last
    GROUP BY source HAVING count(*) FILTER (stated > 0) = 0
)
SELECT source, count(*), first(reason ORDER BY session DESC, text) FROM refused
WHERE page OR source IN (FROM silent) GROUP BY source, page ORDER BY source, page DESC
"""
"""Pages that could not be used; rows that could not be used only where a source has no others."""


def reasons(
    outcome: RunOutcome, published: Published | None, market: Market, days: Window
) -> dict[str, str]:
    """By source why it could not be asked, or why what it says of ``days`` could not be used.

    ``published`` is what the run published; None where it published nothing.
    """
    found: dict[str, str] = {}
    for check in outcome.checks:
        if check.name == ANSWERED and not check.passed:
            failures = str(check.facts["failures"]).splitlines()
            found[check.asset.split("/")[-1]] = _first(failures[0], len(failures))
    if published:
        bounds: dict[str, object] = {"first": days.first, "last": days.last}
        bounds["sources"] = [source.name for source in market.sources]
        refused = published.query(PUT_ASIDE.format(quality=CLOSINGS[market.name].quality), bounds)
        for source, count, reason in refused.rows():
            found.setdefault(source, _first(reason, count))
    return dict(sorted(found.items()))


def switches(outcome: RunOutcome) -> dict[str, str]:
    """By source that was not asked the setting that switches it on."""
    return {
        check.asset.split("/")[-1]: str(check.facts[SWITCH])
        for check in outcome.checks
        if SWITCH in check.facts
    }


def _first(reason: str, count: int) -> str:
    return reason if count == 1 else f"{reason} (and {count - 1} more)"
