"""How bytes arrive: the polite session, typed failures and the archive of captures."""
