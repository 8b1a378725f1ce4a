"""Why a table could not be kept or read; each message names the file and says what to do."""


class WarehouseError(Exception):
    """The warehouse or its published file did not do what was asked."""


class WarehouseRefused(WarehouseError):
    """The file cannot be used and was left as it is: foreign, broken, newer, of another mode."""


class WarehouseBusy(WarehouseError):
    """Another connection held the file for longer than we were willing to wait."""


class WarehouseFailed(WarehouseError):
    """The file or its disk failed on the way; the connection is closed, the transaction undone."""


class TableRefused(WarehouseError):
    """The rows do not fit the table or the sessions they were given for; nothing was written."""


class PublicationFailed(WarehouseError):
    """The new version could not be made; the one before stays published."""


class NothingPublished(WarehouseError):
    """There is no published version yet."""


class QueryRefused(WarehouseError):
    """A query of a published file is wrong, or wants more than to read."""


class QueryTooLong(WarehouseError):
    """A query of a published file took more time than it was given."""
