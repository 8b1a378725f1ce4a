"""What was put aside is told shortly, however many texts a page had."""

import polars as pl

from market_assets.domain.refusals import reasons


def test_reasons_that_differ_only_in_the_text_they_quote_are_told_once():
    unread = [f"'{number},00' is not a number" for number in (3, 1, 2)]
    rows = [("a", reason) for reason in (*unread, "no price", "no price")]
    refused = pl.DataFrame([*rows, ("b", unread[0])], schema=["source", "reason"], orient="row")
    assert reasons(refused, "source").sort("source").rows() == [
        ("a", "3 x '1,00' is not a number, and the like; 2 x no price", 5),
        ("b", "1 x '3,00' is not a number", 1),
    ]


def test_the_same_text_many_times_is_not_like_another():
    refused = pl.DataFrame({"source": ["a", "a"], "reason": ["'x' is no date"] * 2})
    assert reasons(refused, "source")["reasons"].to_list() == ["2 x 'x' is no date"]


def test_reasons_that_differ_in_words_are_told_apart():
    told = ["unit rule: 12.0 is not between 1 and 2", "ghost session"]
    refused = pl.DataFrame({"source": ["a", "a"], "reason": told})
    assert reasons(refused, "source")["reasons"].item() == f"1 x {told[1]}; 1 x {told[0]}"
