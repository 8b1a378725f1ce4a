"""How each market's tables lead back to what its sources say; no values, no bytes."""

from collections.abc import Mapping
from dataclasses import dataclass

from market_assets.sources import registry
from market_assets.sources.source import Source


@dataclass(frozen=True, kw_only=True)
class Trail:
    """How a market's numbers lead back to its sources.

    ``schema`` and ``mic`` are the market's, ``sources`` those asked for it, best first.
    ``key`` is the column that names a line; ``main`` the table all others are computed from but
    those in ``origins``, each with the table of statements that it is computed from;
    ``statements`` the ending of the tables of what each source says, ``stated`` what they say;
    ``besides`` are other tables of statements, each with the condition for those that count;
    ``faults`` are titles of tables of faults, each with its column for the line.
    """

    schema: str
    mic: str
    sources: tuple[Source, ...]
    key: str
    main: str
    origins: Mapping[str, str]
    statements: str
    stated: tuple[str, ...]
    besides: tuple[tuple[str, str], ...]
    faults: tuple[tuple[str, str, str], ...]


TRAILS = (
    Trail(
        schema="casablanca",
        mic="XCAS",
        sources=registry.CASABLANCA,
        key="ticker",
        main="casablanca.daily_quotes",
        origins={},
        statements="quotes",
        stated=(
            *("status", "open", "high", "low", "close"),
            *("volume", "turnover", "trades", "market_cap"),
        ),
        besides=(),
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
        statements="statements",
        stated=("channel", "name", "participant_id", "shares", "percent"),
        besides=(("hkex.participant_holdings", "participant_id IN ('A00003', 'A00004')"),),
        faults=(
            ("disagreements", "quality.holding_disagreements", "code"),
            ("put aside", "quality.quarantine", "ticker"),
        ),
    ),
)
