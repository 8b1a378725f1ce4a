"""When Bank Al-Maghrib is asked by itself: mornings, afternoons, and for statistics each month."""
