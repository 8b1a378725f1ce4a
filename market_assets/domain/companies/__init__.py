"""The companies behind the tickers: who they are, what they are worth, which sector they are in."""
