"""How markets move together, and of what sectors they are made."""

from market_assets.serving.dashboard import charts, fields
from market_assets.serving.dashboard.frame import nothing
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.sections.cross_market.measures import PLACES

CORRELATIONS = """
FROM africa.market_correlations WHERE currency = ? AND as_of =
    (SELECT max(as_of) FROM africa.market_correlations)
"""
SECTORS = """
SELECT mic, coalesce(icb_sector, 'not classified') AS sector, weight, lines, market_cap, session,
    age_days FROM africa.sector_weights
WHERE as_of = (SELECT max(as_of) FROM africa.sector_weights) ORDER BY mic, weight DESC
"""


def correlations(data: Data, currency: str) -> None:
    """Of daily returns in ``currency``, for each pair of markets."""
    if not data.has("africa.market_correlations"):
        return
    rows = data.rows(CORRELATIONS, currency)
    if rows["correlation"].count() == 0:
        changes = rows["changes"].max()
        nothing(
            "Correlations are null",
            f"They want more daily changes that two markets share; the most here are {changes}. "
            "`market-assets run --market africa --days 120` gathers them.",
        )
        return
    known = {
        frozenset(pair): value
        for *pair, value in rows.select("mic", "other_mic", "correlation").iter_rows()
    }
    mics = [mic for mic in PLACES if any(mic in pair for pair in known)]
    names = [PLACES[mic] for mic in mics]
    values = [
        [known.get(frozenset((one, other))) if one != other else None for other in mics]
        for one in mics
    ]
    texts = [["" if value is None else f"{value:.2f}" for value in row] for row in values]
    figure = fields.grid(names, names, values, span=(-1, 1), texts=texts, scale=False)
    charts.shown(
        data,
        figure,
        title="Correlation of daily returns",
        name="correlations",
        unit=f"In {currency}; each field has its number",
    )


def sectors(data: Data) -> None:
    """Each market's parts of its capitalisation."""
    if not data.has("africa.sector_weights"):
        return
    rows = data.rows(SECTORS)
    wide = rows.pivot("mic", index="sector", values="weight")
    mics = [mic for mic in PLACES if mic in wide.columns]
    values = [
        [None if value is None else value * 100 for value in row]
        for row in wide.select(mics).iter_rows()
    ]
    texts = [["" if value is None else f"{value:.0f}" for value in row] for row in values]
    figure = fields.grid(
        [PLACES[mic] for mic in mics],
        wide["sector"].to_list(),
        values,
        span=(0, 50),
        texts=texts,
        scale=False,
    )
    charts.shown(
        data,
        figure,
        title="Sectors of each market",
        name="sectors",
        height=400,
        unit="Percent of its market capitalisation, ICB; each field has its number",
    )
