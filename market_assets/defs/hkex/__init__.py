"""Hong Kong's Southbound holdings as assets, checks, schedules and sensors."""
