"""Bank Al-Maghrib's rates and statistics as assets, checks and schedules."""
