"""What is planted is there, on its session and nowhere else."""

import json
from collections import Counter
from datetime import UTC, date, datetime

import pytest

from market_assets.sandbox.casablanca.market import Market
from market_assets.sandbox.casablanca.mischief import CYCLE, FAULTS, PASSING, Mischief, faults_on
from market_assets.sandbox.casablanca.moment import Moment
from market_assets.sandbox.messages import Answer, Question
from market_assets.sources.registry import SOURCES

MARKET = Market(seed=2026)
QUESTION = Question(method="GET", path="/")
LATE = {session for session in MARKET.sessions if session > date(2026, 1, 1)}


def session_with(name):
    return next(s for s in sorted(LATE) if name in {fault.name for fault in faults_on(s)})


def calm_session():
    return next(session for session in sorted(LATE) if not faults_on(session))


def plain(_question, market, moment):
    """A format of our own: the day, and what it is told of each line."""
    rows = [
        [truth.line.ticker, str(truth.session), truth.close, truth.volume]
        for truth in market.truths(moment.session)
    ]
    body = json.dumps({"day": str(moment.session), "rows": rows})
    return Answer(body=body.encode(), media_type="application/json")


def ask(source, session, mischief=None, say=plain):
    moment = Moment(now=datetime(2026, 12, 31, tzinfo=UTC), session=session)
    return (mischief or Mischief(market=MARKET)).answer(source, say, QUESTION, moment)


def rows(answer):
    return [tuple(row) for row in json.loads(answer.body)["rows"]]


def truth_rows(session, told_as=None):
    return [
        (truth.line.ticker, str(told_as or session), truth.close, truth.volume)
        for truth in MARKET.truths(session)
    ]


def test_every_20_sessions_have_each_fault_once():
    planted = [faults_on(session) for session in MARKET.sessions]
    for start in range(0, len(planted) - CYCLE, 7):
        met = [fault for faults in planted[start : start + CYCLE] for fault in faults]
        assert Counter(met) == Counter(FAULTS)


def test_at_least_four_sources_answer_rightly_in_every_session():
    asked = {source.name for source in SOURCES if source.live and source.gives}
    assert {fault.source for fault in FAULTS} <= {source.name for source in SOURCES}
    for session in MARKET.sessions:
        wrong = {fault.source for fault in faults_on(session) if fault.name not in PASSING}
        assert "casablanca_bourse" not in wrong
        assert len(asked - wrong) >= 4


@pytest.mark.parametrize("source", ["casablanca_bourse", "cdg_capital", "tradingview"])
def test_a_calm_session_is_told_as_it_was(source):
    session = calm_session()
    assert rows(ask(source, session)) == truth_rows(session)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_its_source_s_alone(fault):
    session = session_with(fault.name)
    guilty = {planted.source for planted in faults_on(session)}
    for innocent in {source.name for source in SOURCES} - guilty:
        assert rows(ask(innocent, session)) == truth_rows(session)


def test_a_lagging_source_shows_the_session_before_under_its_own_date():
    session = session_with("lag")
    before = MARKET.sessions[MARKET.ordinal(session) - 1]
    assert rows(ask("cdg_capital", session)) == truth_rows(before)


def test_a_replay_shows_the_session_before_under_the_new_date():
    session = session_with("replay")
    before = MARKET.sessions[MARKET.ordinal(session) - 1]
    for source in ("wafabourse", "tradingview"):
        assert rows(ask(source, session)) == truth_rows(before, told_as=session)


def test_money_stands_where_shares_belong():
    session = session_with("money")
    told = {ticker: volume for ticker, _, _, volume in rows(ask("tradingview", session))}
    for truth in MARKET.truths(session):
        assert told[truth.line.ticker] == round(truth.turnover)
        if truth.status == "T":
            assert told[truth.line.ticker] >= truth.volume * truth.low - 1


def test_a_down_source_stays_down():
    session, mischief = session_with("down"), Mischief(market=MARKET)
    statuses = [ask("bmce_capital", session, mischief).status for _ in range(3)]
    assert statuses == [503, 503, 503]


def test_too_many_requests_passes_after_the_first_answer():
    session, mischief = session_with("too_many"), Mischief(market=MARKET)
    first, second = (ask("casablanca_bourse", session, mischief) for _ in range(2))
    assert (first.status, first.headers["Retry-After"]) == (429, "2")
    assert rows(second) == truth_rows(session)


def test_a_torn_answer_passes_after_the_first():
    session, mischief = session_with("torn"), Mischief(market=MARKET)
    first, second = (ask("cdg_capital", session, mischief) for _ in range(2))
    assert (first.torn, second.torn) == (True, False)
    assert first.body == second.body


def test_a_challenge_is_a_403_that_names_cloudflare():
    answer = ask("investing", session_with("challenge"))
    assert answer.status == 403
    assert answer.headers["cf-mitigated"] == "challenge"
    assert b"Just a moment..." in answer.body


def test_one_row_comes_twice():
    session = session_with("duplicate")
    told = rows(ask("cdg_capital", session))
    (twice,) = [row for row, count in Counter(told).items() if count > 1]
    assert twice[0] == "ATW"
    assert [row for place, row in enumerate(told) if row not in told[:place]] == truth_rows(session)


def test_an_unlisted_line_is_told_of_beside_the_others():
    session = session_with("unknown")
    told = rows(ask("tradingview", session))
    assert [row for row in told if row[0] != "ZZZ"] == truth_rows(session)
    assert [row[0] for row in told].count("ZZZ") == 1


def page(_question, _market, _moment):
    cells = "<th>Price</th><td>1,234.50</td><td>+3.57%</td><td>18/07</td><td>-</td><td>A.B, C</td>"
    return Answer(body=f'<tr class="c1.5">{cells}</tr>'.encode())


def test_a_renamed_column_changes_nothing_but_the_heading():
    good = ask("african_markets", calm_session(), say=page).body
    changed = ask("african_markets", session_with("layout"), say=page).body
    assert changed == good.replace(b"Price", b"Last")


def test_a_wrong_locale_swaps_the_marks_of_numbers_only():
    good = ask("african_markets", calm_session(), say=page).body
    changed = ask("african_markets", session_with("locale"), say=page).body
    assert changed == good.replace(b"1,234.50", b"1.234,50").replace(b"+3.57%", b"+3,57%")


def test_a_history_tells_of_each_session_as_it_was_told_of_then():
    session = session_with("money")
    later = MARKET.sessions[MARKET.ordinal(session) + 2]
    assert all(fault.source != "tradingview" for fault in faults_on(later))

    def past(_question, market, moment):
        told = market.history("ATW", session, moment.session)
        return Answer(body=json.dumps([truth.volume for truth in told]).encode())

    true = MARKET.history("ATW", session, later)
    told = json.loads(ask("tradingview", later, say=past).body)
    assert told == [round(true[0].turnover), true[1].volume, true[2].volume]
