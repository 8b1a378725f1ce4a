"""An invented Casablanca exchange, in each of its publishers' formats."""
