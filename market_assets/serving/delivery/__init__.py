"""How people are told: an outbox that survives crashes, and the ways out of it."""
