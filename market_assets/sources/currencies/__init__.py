"""The central banks that publish exchange rates, Morocco's own aside."""
