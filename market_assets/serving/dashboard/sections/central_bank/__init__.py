"""The sections of the page Central bank."""
