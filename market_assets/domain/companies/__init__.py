"""The companies behind the lines of one exchange: who they are, what they are worth."""
