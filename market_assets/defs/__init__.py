"""How it is wired: assets, checks, schedules, sensors; the only place that imports dagster."""
