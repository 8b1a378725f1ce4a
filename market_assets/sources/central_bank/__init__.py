"""Bank Al-Maghrib: its pages, its API and its files."""
