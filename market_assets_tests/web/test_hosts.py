"""One host is asked no faster, no more and no longer than is polite, by all processes together."""

import sqlite3
import threading
from datetime import timedelta

import pytest
from werkzeug import Response

from market_assets.web.clock import SystemClock
from market_assets.web.failures import (
    BudgetSpent,
    CircuitOpen,
    Disallowed,
    RateLimited,
    Unavailable,
)
from market_assets.web.hosts import Hosts
from market_assets.web.limits import Limits
from market_assets_tests.web.processes import said, started
from market_assets_tests.web.scene import NOON


@pytest.fixture
def hosts(tmp_path):
    hosts = Hosts(tmp_path / "hosts.sqlite", limits=Limits())
    yield hosts
    hosts.close()


@pytest.fixture
def turn(clock):
    def had(hosts, host="host", interval=2.5, daily_requests=1000):
        hosts.wait_for_turn(host, clock=clock, interval=interval, daily_requests=daily_requests)
        return (clock.now() - NOON).total_seconds()

    return had


def test_turns_on_a_host_are_an_interval_apart(hosts, turn, clock):
    assert [turn(hosts) for _ in range(3)] == [0, 2.5, 5]
    clock.sleep(1)
    assert turn(hosts) == 7.5
    clock.sleep(10)
    assert turn(hosts) == 17.5


def test_hosts_do_not_wait_for_each_other(hosts, turn):
    assert [turn(hosts, "a"), turn(hosts, "b"), turn(hosts, "a")] == [0, 0, 2.5]


def test_without_an_interval_nothing_is_waited_for(hosts, turn):
    assert [turn(hosts, interval=0) for _ in range(3)] == [0, 0, 0]


def test_the_interval_of_who_asks_counts(hosts, turn):
    assert [turn(hosts, interval=1), turn(hosts, interval=4), turn(hosts, interval=1)] == [0, 4, 5]


def test_another_process_knows_of_the_turns_before(hosts, turn, tmp_path):
    turn(hosts)
    assert turn(Hosts(tmp_path / "hosts.sqlite", limits=Limits())) == 2.5
    assert turn(Hosts(None, limits=Limits())) == 2.5


def test_processes_and_threads_together_keep_the_rate_of_one(tmp_path):
    file = tmp_path / "hosts.sqlite"
    processes = [started("take_turns", file, 6) for _ in range(2)]
    hosts, clock = Hosts(file, limits=Limits()), SystemClock()
    times = []

    def take():
        for _ in range(3):
            hosts.wait_for_turn("host", clock=clock, interval=0.1, daily_requests=100)
            times.append(clock.now().timestamp())

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times += [float(line) for process in processes for line in said(process)]
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT requests FROM hosts").fetchall() == [(18,)]
    assert len(times) == 18
    assert max(times) - min(times) >= 17 * 0.1 - 0.05


def test_a_held_host_is_left_alone_by_everyone(hosts, turn, clock, tmp_path):
    hosts.hold("host", clock=clock, seconds=60)
    hosts.hold("host", clock=clock, seconds=10)
    assert turn(Hosts(tmp_path / "hosts.sqlite", limits=Limits())) == 60


@pytest.mark.parametrize(("seconds", "waited"), [(120, True), (120.001, False)])
def test_a_wait_beyond_patience_is_refused(hosts, turn, clock, seconds, waited):
    hosts.hold("host", clock=clock, seconds=seconds)
    if waited:
        assert turn(hosts) == seconds
    else:
        with pytest.raises(RateLimited, match="no request before 2026-10-09 12:02:00 UTC"):
            turn(hosts)
        assert clock.now() == NOON


def test_a_budget_is_for_a_day_and_host(hosts, turn, clock):
    for _ in range(3):
        turn(hosts, daily_requests=3)
    with pytest.raises(BudgetSpent, match=r"^host had its 3 requests of 2026-10-09 \(UTC\)$"):
        turn(hosts, daily_requests=3)
    turn(hosts, "other", daily_requests=3)
    clock.sleep(12 * 3600)
    turn(hosts, daily_requests=3)


def test_robots_retries_and_redirects_count_against_the_budget(open_publisher, converse):
    open_publisher.answers("/old", Response("", 302, {"Location": "/new"}))
    open_publisher.answers("/new", Response("oops", status=500), Response("ok"))
    ask = converse(open_publisher.url, daily_requests=4)
    assert ask("/old").body == b"ok"
    assert open_publisher.paths == ["/robots.txt", "/old", "/new", "/new"]
    with pytest.raises(BudgetSpent):
        ask("/new")


def test_the_fifth_failure_in_a_row_opens_the_circuit_for_half_an_hour(hosts, turn, clock):
    for _ in range(4):
        hosts.failed("host", clock=clock)
    turn(hosts)
    hosts.failed("host", clock=clock)
    with pytest.raises(
        CircuitOpen,
        match="host failed 5 times in a row and is left alone until 2026-10-09 12:30:00",
    ):
        turn(hosts)
    turn(hosts, "other")
    clock.sleep(1799)
    with pytest.raises(CircuitOpen):
        turn(hosts)
    clock.sleep(1)
    turn(hosts)


def test_one_failure_after_the_pause_opens_it_again_and_one_answer_closes_it(hosts, turn, clock):
    for _ in range(5):
        hosts.failed("host", clock=clock)
    clock.sleep(1800)
    hosts.failed("host", clock=clock)
    with pytest.raises(CircuitOpen, match="6 times"):
        turn(hosts)
    clock.sleep(1800)
    hosts.answered("host", clock=clock)
    for _ in range(4):
        hosts.failed("host", clock=clock)
    turn(hosts)


def test_failed_exchanges_open_the_circuit_and_answers_between_do_not(open_publisher, converse):
    broken, found = Response("oops", status=500), Response("ok")
    open_publisher.answers("/prices", *[broken] * 4, found, *[broken] * 5)
    ask = converse(open_publisher.url, limits=Limits(retries=0))
    for failing in [True] * 4 + [False] + [True] * 5:
        if failing:
            with pytest.raises(Unavailable):
                ask("/prices")
        else:
            ask("/prices")
    asked = len(open_publisher.asked)
    with pytest.raises(CircuitOpen):
        ask("/prices")
    assert len(open_publisher.asked) == asked


def test_an_unreachable_robots_counts_as_a_failure(converse):
    ask = converse("http://127.0.0.1:9", limits=Limits(retries=0, failures_to_open=2))
    for _ in range(2):
        with pytest.raises(Disallowed):
            ask("/prices")
    with pytest.raises(CircuitOpen):
        ask("/prices")


def test_a_clock_set_back_does_not_hold_a_host_for_days(hosts, turn, clock):
    for _ in range(5):
        turn(hosts)
        hosts.failed("host", clock=clock)
    clock.set(NOON - timedelta(days=30))
    assert turn(hosts) == -30 * 86400
    assert turn(hosts) == -30 * 86400 + 2.5


def test_a_broken_memory_of_hosts_is_set_aside(tmp_path, turn, caplog):
    file = tmp_path / "hosts.sqlite"
    file.write_text("no database")
    hosts = Hosts(file, limits=Limits())
    assert [turn(hosts), turn(hosts)] == [0, 2.5]
    assert f"{file} is broken (file is not a database)" in caplog.text
    (aside,) = tmp_path.glob("hosts.sqlite.broken-*")
    assert aside.read_text() == "no database"
