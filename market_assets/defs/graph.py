"""What all assets share: their owners and pools."""

import dagster as dg

OWNERS = ["team:market-data"]
WAREHOUSE_POOL = "warehouse"
ONE_RUN = dg.BackfillPolicy.single_run()
"""A range of months is one run, however long."""
