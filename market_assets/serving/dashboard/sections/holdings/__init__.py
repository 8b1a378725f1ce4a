"""The sections of the page Hong Kong holdings."""
