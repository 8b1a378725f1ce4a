"""The sections of the page Cross-market."""
