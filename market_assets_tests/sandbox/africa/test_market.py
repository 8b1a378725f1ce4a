"""Laws of the invented figures of Lagos, Cairo, Johannesburg and Abidjan."""

from datetime import date
from math import isclose

import pytest

from market_assets.calendars.africa import CALENDARS
from market_assets.sandbox.africa.lines import lines
from market_assets.sandbox.africa.market import POUNDS_PER_DOLLAR, WIDEST_MOVE, Market
from market_assets.sources.africa.exchanges import DOLLAR_LINES

MARKET = Market(seed=7)
DAYS = (date(2025, 3, 4), date(2026, 11, 16), date(2026, 11, 17))


def truths():
    for mic in CALENDARS:
        for day in DAYS:
            yield from MARKET.truths(mic, day)


def test_there_are_enough_lines_for_every_rule():
    assert [len(lines(mic)) for mic in CALENDARS] == [147, 64, 83, 47]
    assert {line.ticker for line in lines("XCAI") if line.currency == "USD"} == DOLLAR_LINES
    assert all(line.isin.startswith("EGS") for line in lines("XCAI"))


def test_the_close_is_between_low_and_high_and_turnover_between_both():
    for truth in truths():
        assert 0 < truth.low <= truth.close <= truth.high
        rate = POUNDS_PER_DOLLAR if truth.line.currency == "USD" else 1
        assert truth.low * truth.volume * rate <= truth.turnover + 0.01
        assert truth.turnover <= truth.high * truth.volume * rate + 0.01
        assert truth.market_cap > 0


def test_a_line_trades_whole_shares_or_keeps_its_price():
    idle = [truth for truth in truths() if not truth.volume]
    assert 20 < len(idle) < 300
    for truth in idle:
        assert (truth.trades, truth.turnover, truth.close) == (0, 0.0, truth.previous_close)
    assert all(0 < x.trades <= x.volume for x in truths() if x.volume)


def test_no_price_moves_further_than_its_exchange_allows():
    for truth in truths():
        reached = abs(truth.close - truth.previous_close)
        assert reached <= (WIDEST_MOVE + 0.02) * truth.previous_close + 0.02


@pytest.mark.parametrize("mic", CALENDARS)
def test_a_session_begins_where_the_one_before_ended(mic):
    before, after = (MARKET.truths(mic, day) for day in DAYS[1:])
    assert [truth.close for truth in before] == [truth.previous_close for truth in after]


def test_the_seed_decides():
    again, other = Market(seed=7), Market(seed=8)
    day = DAYS[1]
    assert again.truths("XNSA", day) == MARKET.truths("XNSA", day)
    assert other.truths("XNSA", day) != MARKET.truths("XNSA", day)


def test_market_caps_move_with_the_price_alone():
    before, after = (MARKET.truths("XJSE", day) for day in DAYS[1:])
    for old, new in zip(before, after, strict=True):
        shares = old.market_cap / old.close, new.market_cap / new.close
        assert isclose(*shares, rel_tol=1e-6)
