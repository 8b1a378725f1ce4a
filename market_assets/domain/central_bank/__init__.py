"""What a central bank's numbers mean: rates, aggregates and how current they are."""
