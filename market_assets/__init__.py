"""Market data as assets: every number agreed between its sources and traceable to its bytes."""
