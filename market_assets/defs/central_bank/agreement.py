"""From what page, file and API say to one row per rate, point of the curve and observation."""

from collections.abc import Callable

import dagster as dg
import polars as pl

from market_assets.defs.central_bank.statements import DAY, heard, sources_about
from market_assets.defs.graph import monthly, shown
from market_assets.defs.markets import CENTRAL_BANK
from market_assets.defs.platform import Platform
from market_assets.defs.statements import statement_key
from market_assets.defs.tables import Written
from market_assets.defs.window import SessionWindow
from market_assets.domain.central_bank import statements
from market_assets.domain.central_bank.agreement import Agreed
from market_assets.sources.central_bank.channels import channels

DATED = {"session_column": DAY}
"""The metadata of tables whose days are reference dates."""

Rule = Callable[..., Agreed]
"""``rule(statements, sources=...)``."""


def agreed_key(subject: str) -> dg.AssetKey:
    """The asset of what is agreed about ``subject``."""
    return dg.AssetKey([CENTRAL_BANK.name, subject])


def disagreements_key(subject: str) -> dg.AssetKey:
    """The asset of the statements about ``subject`` that were not chosen."""
    return dg.AssetKey(["quality", f"{subject}_disagreements"])


def _agreement(subject: str, rule: Rule, description: str) -> dg.AssetsDefinition:
    said = [statement_key(CENTRAL_BANK, source, subject) for source in sources_about(subject)]

    @dg.multi_asset(
        name=f"{subject}_agreement",
        deps=said,
        outs={
            "agreed": dg.AssetOut(
                key=agreed_key(subject),
                description=description,
                metadata=DATED,
                **shown(CENTRAL_BANK.name),
            ),
            "disagreements": dg.AssetOut(
                key=disagreements_key(subject),
                description="Every statement of page, file or API that is not what was chosen.",
                metadata=DATED,
                **shown(f"{CENTRAL_BANK.name}_quality"),
            ),
        },
        **monthly(CENTRAL_BANK),
    )
    def agreement(
        context: dg.AssetExecutionContext,
        platform: dg.ResourceParam[Platform],
        window: SessionWindow,
    ) -> tuple[Written, Written]:
        said = heard(platform, subject, window.of(CENTRAL_BANK, context.partition_keys))
        found = rule(said.rows, sources=channels())
        return said.written(found.table), said.written(found.disagreements)

    return agreement


SUBJECTS: dict[str, pl.Schema] = {
    "exchange_rates": statements.EXCHANGE_RATES,
    "treasury_curve": statements.TREASURY_CURVE,
    "observations": statements.OBSERVED,
}
"""What is agreed on, and the schema of its rows."""

ASSETS = [
    _agreement(
        "exchange_rates",
        statements.exchange_rates,
        "Dirhams for a currency, reference rates and banknotes apart, one row per day and kind.",
    ),
    _agreement(
        "treasury_curve",
        statements.treasury_curve,
        "The secondary market's reference curve of Treasury bills, a row per day and maturity.",
    ),
    _agreement(
        "observations",
        statements.observations,
        "The values of the bank's other indicators, one row per indicator and date.",
    ),
]
