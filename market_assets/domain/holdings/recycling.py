"""Codes that came back as another company's; knows neither lists nor what was announced.

HKEX gives the code of a company that is delisted to another one later. The page tells no company
but by its name, so a code is suspected where its holding broke off and came back under another
name: what is held without a break and changes its name is a company that was renamed. One that was
renamed while nobody held it cannot be told from another company, and is suspected too: a change
that is not given costs less than one computed between two companies. The list of securities does
not settle it either: nobody states how soon a code is given to another company, so a code that is
on two lists need not have been one company's in between.
"""

import polars as pl

from market_assets.domain.holdings.code_changes import stem
from market_assets.domain.holdings.numbering import LINE


def another_company(
    name: pl.Expr, source: pl.Expr, name_before: pl.Expr, source_before: pl.Expr
) -> pl.Expr:
    """Whether the names of a code before and after a break are of two companies.

    Publishers write the same company differently, in English or Chinese, short or in full: only
    two names of the same ``source`` are compared, and a name that is not stated says nothing.
    """
    other = source.eq_missing(source_before) & (stem(name) != stem(name_before))
    return other.fill_null(value=False)


def recycled_keys(rows: pl.DataFrame, last: pl.Series) -> pl.Series:
    """The keys of ``rows`` (numbered) that begin another company's holding, ascending.

    ``last`` are the keys of the rows after which their code had none though others did.
    """
    place = rows["key"].search_sorted(last.sort()).cast(pl.Int64)
    place = place.filter(place + 1 < rows.height)
    named = rows.select("key", "name", "source")
    pairs = named[place + 1].hstack(named[place].select(pl.all().name.suffix("_before")))
    other = another_company(
        *(pl.col(c) for c in ("name", "source", "name_before", "source_before"))
    )
    same_line = pl.col("key") // LINE == pl.col("key_before") // LINE
    return pairs.filter(same_line & other)["key"]
