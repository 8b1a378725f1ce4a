"""Quotes of several exchanges side by side, and what compares them."""
