"""The sections of the page Market overview."""
