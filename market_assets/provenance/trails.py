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
            ("put aside", "quality.quarantine", "ticker"),
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
            ("put aside", "quality.quarantine", "ticker"),
        ),
    ),
    Trail(
        schema="central_bank",
        mic="BKAM",
        sources=registry.CENTRAL_BANK,
        key="currency",
        main="central_bank.exchange_rates",
        statements="central_bank.{source}_exchange_rates",
        day="reference_date",
        stated=("kind", "unit_count", "mid", "bid", "ask"),
        faults=(("disagreements", "quality.exchange_rates_disagreements", "currency"),),
    ),
    Trail(
        schema="central_bank",
        mic="BKAM",
        sources=registry.CENTRAL_BANK,
        key="maturity_date",
        main="central_bank.treasury_curve",
        statements="central_bank.{source}_treasury_curve",
        day="reference_date",
        stated=("rate", "volume"),
        faults=(("disagreements", "quality.treasury_curve_disagreements", "maturity_date"),),
    ),
    Trail(
        schema="central_bank",
        mic="BKAM",
        sources=registry.CENTRAL_BANK,
        key="indicator_id",
        main="central_bank.indicators",
        statements="central_bank.{source}_observations",
        day="reference_date",
        stated=("value", "publication_date"),
        faults=(("disagreements", "quality.observations_disagreements", "indicator_id"),),
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
            ("put aside", "quality.quarantine", "ticker"),
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
        stated=("quote", "rate"),
    ),
    Trail(
        schema="companies",
        mic="XCAS",
        sources=registry.CASABLANCA,
        key="ticker",
        main="casablanca.daily_quotes",
        statements="casablanca.{source}_quotes",
        stated=QUOTED,
        faults=(("disagreements", "quality.market_cap_disagreements", "ticker"),),
    ),
)
