"""Dagster's own command line, without its remark that our configuration is not in this folder."""

import logging
import runpy

REMARK = "Found a dagster instance configuration value"
"""The project's root has a link to the configuration, for those who start Dagster without us."""


def main() -> None:
    """Run ``dagster`` with the arguments of this process."""
    logging.getLogger("dagster").addFilter(
        lambda record: not record.getMessage().startswith(REMARK)
    )
    runpy.run_module("dagster", run_name="__main__")


if __name__ == "__main__":
    main()
