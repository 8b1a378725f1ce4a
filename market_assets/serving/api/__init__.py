"""The REST API over the published file; not a way to write anything but keys and its own log."""
