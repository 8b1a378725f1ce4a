"""Who may ask, how often, and the record of who did; knows nothing of markets."""
