"""One row per line and session out of many sources: screening, agreement, soundness."""
