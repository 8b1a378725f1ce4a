"""What money costs: policy rate, overnight rates, the Treasury curve."""

from market_assets.serving.dashboard import charts, fields, periods
from market_assets.serving.dashboard.charts import Series
from market_assets.serving.dashboard.frame import nothing
from market_assets.serving.dashboard.reading import Data

OVERNIGHT = """
SELECT coalesce(bank.reference_date, index.reference_date) AS session,
    bank.rate AS interbank, index.rate AS monia
FROM central_bank.interbank_rate bank FULL JOIN central_bank.monia index USING (reference_date)
WHERE isodow(reference_date) < 6
ORDER BY session
"""
CURVE = """
SELECT (maturity_date - reference_date) / 365.25 AS years, rate, reference_date
FROM central_bank.treasury_curve WHERE reference_date = ? ORDER BY maturity_date
"""
BACK = 20
"""Quotations between the curves that are compared."""


def policy(data: Data) -> None:
    """The policy rate from decision to decision."""
    rows = data.rows(
        "SELECT reference_date AS session, rate FROM central_bank.policy_rate ORDER BY 1"
    )
    if rows.is_empty():
        nothing("No policy rate", "No decision of the bank is published.")
        return
    figure = charts.steps(rows, Series(column="rate", name="policy rate", digits=2))
    charts.shown(
        data,
        figure,
        title="Policy rate",
        name="policy",
        unit="Percent, from one decision to the next",
    )


def overnight(data: Data, period: int) -> None:
    """MONIA and the interbank rate."""
    rows = periods.cut(data.rows(OVERNIGHT), period)
    if rows.is_empty():
        nothing("No overnight rates", "Neither MONIA nor the interbank rate is published.")
        return
    figure = charts.lines(
        rows,
        [
            Series(column="interbank", name="interbank", digits=3, points=True),
            Series(column="monia", name="MONIA", digits=3, points=True),
        ],
        from_zero=False,
    )
    charts.shown(
        data,
        figure,
        title="Overnight rates",
        name="overnight",
        unit="Percent; gaps are days without a rate; the axis does not start at 0",
    )


def treasury_curve(data: Data) -> None:
    """The newest curve and one of some quotations before."""
    days = data.rows(
        "SELECT DISTINCT reference_date FROM central_bank.treasury_curve ORDER BY 1 DESC"
    )["reference_date"].to_list()
    if not days:
        nothing("No Treasury curve", "None is published.")
        return
    compared = [days[0], days[min(BACK, len(days) - 1)]]
    series = {f"{each:%d %b %Y}": data.rows(CURVE, each) for each in dict.fromkeys(compared)}
    figure = fields.curve(series, x="years", y="rate", names=("Years to maturity", ""))
    charts.shown(
        data,
        figure,
        title="Treasury curve",
        name="curve",
        unit="Secondary market rate, percent; the axis does not start at 0",
    )
