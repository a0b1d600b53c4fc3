"""What Dagster is told: one folder per concern, all of it over `orchestration.pipeline`."""
