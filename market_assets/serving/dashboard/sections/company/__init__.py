"""The sections of the page Company."""
