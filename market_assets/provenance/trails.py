"""How each market's tables lead back to what its sources say; no values, no bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from market_assets.sources import registry
from market_assets.sources.source import Source


@dataclass(frozen=True, kw_only=True)
class Trail:
    """How the tables of ``schema`` with the column ``key``, which names a line, lead back.

    ``mic`` is the market's calendar, ``sources`` those asked for it, best first. ``main`` is the
    table all others are computed from but those in ``origins``, each with the table of statements
    that it is computed from. ``statements`` is the table of what each ``{source}`` says, ``day``
    its column for the day that is spoken of, ``stated`` what it says; ``besides`` are other tables
    of statements, each with the condition for those that count. ``faults`` are titles of tables of
    faults, each with its column for the line.
    """

    schema: str
    mic: str
    sources: tuple[Source, ...]
    key: str
    main: str
    statements: str
    stated: tuple[str, ...]
    day: str = "session"
    origins: Mapping[str, str] = field(default_factory=dict[str, str])
    besides: tuple[tuple[str, str], ...] = ()
    faults: tuple[tuple[str, str, str], ...] = ()


QUOTED = (
    *("status", "open", "high", "low", "close"),
    *("volume", "turnover", "trades", "market_cap"),
)
INDICATORS = "central_bank.indicators"
WIDE = {
    "central_bank.policy_rate": "policy",
    "central_bank.interbank_rate": "interbank",
    "central_bank.monia": "monia",
    "central_bank.lending_rates": "lending",
    "central_bank.interventions": "interventions",
    "central_bank.reserve_assets": "reserves",
    "central_bank.monetary_aggregates": "money",
}
"""Tables with a column for each of INDICATORS, and how the indicators' names begin."""
PUT_ASIDE = ("put aside", "quality.quarantine", "ticker")


def _of_the_bank(subject: str, *, key: str, main: str, stated: tuple[str, ...]) -> Trail:
    """The trail of what Bank Al-Maghrib's sources state about ``subject``."""
    return Trail(
        schema="central_bank",
        mic="BKAM",
        sources=registry.CENTRAL_BANK,
        key=key,
        main=f"central_bank.{main}",
        statements=f"central_bank.{{source}}_{subject}",
        day="reference_date",
        stated=stated,
        faults=(("disagreements", f"quality.{subject}_disagreements", key),),
    )


TRAILS = (
    Trail(
        schema="casablanca",
        mic="XCAS",
        sources=registry.CASABLANCA,
        key="ticker",
        main="casablanca.daily_quotes",
        statements="casablanca.{source}_quotes",
        stated=QUOTED,
        faults=(
            ("disagreements", "quality.disagreements", "ticker"),
            PUT_ASIDE,
        ),
    ),
    Trail(
        schema="hkex",
        mic="XHKG",
        sources=registry.HKEX,
        key="code",
        main="hkex.southbound_holdings",
        origins={
            "hkex.southbound_eligibility": "hkex.eligible_lists",
            "hkex.participant_concentration": "hkex.participant_holdings",
        },
        statements="hkex.{source}_statements",
        stated=("channel", "name", "participant_id", "shares", "percent"),
        besides=(("hkex.participant_holdings", "participant_id IN ('A00003', 'A00004')"),),
        faults=(
            ("disagreements", "quality.holding_disagreements", "code"),
            PUT_ASIDE,
        ),
    ),
    _of_the_bank(
        "exchange_rates",
        key="currency",
        main="exchange_rates",
        stated=("kind", "unit_count", "mid", "bid", "ask"),
    ),
    _of_the_bank(
        "treasury_curve", key="maturity_date", main="treasury_curve", stated=("rate", "volume")
    ),
    _of_the_bank(
        "observations",
        key="indicator_id",
        main="indicators",
        stated=("value", "publication_date"),
    ),
    Trail(
        schema="africa",
        mic="AFRICA",
        sources=registry.AFRICA,
        key="ticker",
        main="africa.daily_quotes",
        statements="africa.{source}_african_quotes",
        stated=("mic", "currency", *QUOTED),
        faults=(
            ("disagreements", "quality.african_disagreements", "ticker"),
            PUT_ASIDE,
        ),
    ),
    Trail(
        schema="africa",
        mic="AFRICA",
        sources=(*registry.AFRICA, *registry.CENTRAL_BANK),
        key="base",
        main="africa.quoted_rates",
        origins={"africa.fx_rates": "africa.quoted_rates"},
        statements="africa.{source}_rates",
        day="reference_date",
        stated=("base", "quote", "rate", "reference_date"),
    ),
    Trail(
        schema="companies",
        mic="XCAS",
        sources=registry.CASABLANCA,
        key="ticker",
        main="casablanca.daily_quotes",
        statements="casablanca.{source}_quotes",
        stated=(*QUOTED, "isin", "sector", "compartment", "shares"),
        besides=(("casablanca.listings", "shares IS NOT NULL"),),
        faults=(
            ("disagreements", "quality.market_cap_disagreements", "ticker"),
            ("disagreements about the listing", "quality.listing_disagreements", "ticker"),
        ),
    ),
)
