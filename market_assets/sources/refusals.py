"""Why a parser puts a row aside, where the kind of fault is known; other faults are ValueErrors."""

from market_assets.domain.refusals import Kind


class RowRefused(ValueError):
    """A row that cannot be used, for a reason of a kind that is counted."""

    def __init__(self, kind: Kind, reason: str) -> None:
        super().__init__(reason)
        self.kind: Kind = kind
