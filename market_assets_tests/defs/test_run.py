"""Several runs of one command are told as one."""

from market_assets.defs.run import CheckOutcome, RunOutcome, _together


def check(name: str, *, passed: bool, error: bool = False, **facts: object) -> CheckOutcome:
    return CheckOutcome(
        asset="hkex/southbound_holdings",
        name=name,
        passed=passed,
        error=error,
        meaning="what it looks for",
        facts=facts,
    )


def test_each_check_is_told_once_with_all_that_was_found():
    first = RunOutcome(
        checks=(
            check("missing_percent", passed=False, count=3, where="2019"),
            check("broken_sum", passed=True, error=True, count=0),
        ),
        failures=(),
    )
    second = RunOutcome(
        checks=(
            check("missing_percent", passed=True, count=1),
            check("broken_sum", passed=True, error=True, count=0),
        ),
        failures=(),
    )
    together = _together([first, second])
    assert together.checks == (
        check("missing_percent", passed=False, count=4, where="2019"),
        check("broken_sum", passed=True, count=0),
    )
    assert together.succeeded


def test_an_error_or_a_failure_of_one_is_one_of_all():
    sound = RunOutcome(checks=(check("broken_sum", passed=True, count=0),), failures=())
    broken = RunOutcome(
        checks=(check("broken_sum", passed=False, error=True, count=2),), failures=()
    )
    for order in ([sound, broken], [broken, sound]):
        (found,) = _together(order).checks
        assert (found.passed, found.error, found.facts) == (False, True, {"count": 2})
        assert not _together(order).succeeded
    failed = RunOutcome(checks=(), failures=("a step: its reason",))
    assert _together([sound, failed]).failures == ("a step: its reason",)
    assert not _together([sound, failed]).succeeded
