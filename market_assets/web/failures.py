"""Why a page is not there or cannot be used. Each is reported, none is worked around."""


class SourceFailure(Exception):
    """A publisher's page could not be had, or what came cannot be used."""


class Unavailable(SourceFailure):
    """Transient and still failing after the retries: 408, 425, 5xx, connection, time-out."""


class RateLimited(Unavailable):
    """429 after the retries, or a Retry-After longer than we are willing to wait."""


class TornBody(Unavailable):
    """The body ended before its declared length, or its compression is broken."""


class Untrusted(SourceFailure):
    """The TLS certificate could not be verified; verification is never switched off."""


class Blocked(SourceFailure):
    """A 401, 403, challenge page or captcha: the publisher does not want this; we stop."""


class Disallowed(SourceFailure):
    """robots.txt forbids the path."""


class BudgetSpent(SourceFailure):
    """The day's number of requests to this host is used up."""


class CircuitOpen(SourceFailure):
    """The host failed repeatedly and is left alone for a while."""


class NotThisPage(SourceFailure):
    """The body is something else: a home page for a 404, HTML for JSON, another publisher's."""


class LayoutChanged(SourceFailure):
    """The page is the right one but its headings, fields or shape are not those we know."""


class EmptyPage(SourceFailure):
    """The right page without any row: a failure, never an empty success."""


class Incomplete(SourceFailure):
    """The right page, but not all of it: it breaks off, is too short or breaks its own totals."""


class OutOfRange(SourceFailure):
    """The publisher says that it does not serve the date or the stock that was asked for."""
