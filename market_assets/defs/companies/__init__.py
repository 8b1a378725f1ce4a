"""The companies behind Casablanca's tickers as assets and checks."""
