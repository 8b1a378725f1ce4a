"""From a published number back to the captured bytes; who shows it, and how, is no concern here."""
