"""The embedded default: an invented market that answers in every publisher's own format."""
