"""The publishers of the neighbouring exchanges' quotes."""
