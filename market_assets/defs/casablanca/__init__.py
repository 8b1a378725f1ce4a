"""The Casablanca exchange as assets, checks, schedules and sensors."""
