"""Digests: what a session brought, as a message for people, made from published tables."""
