"""The command line: what people type. Each command is thin; what it does lives in ``commands``."""
