"""When an exchange trades: calendars built on the classes of exchange_calendars."""
