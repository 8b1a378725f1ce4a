"""Runs a module as ``python -m`` does, until the process that started it has gone.

    python -m market_assets.commands.bound MODULE ARGUMENT...

Standard input is a pipe whose other end that process holds: it closes with it, also where it is
killed and can end nothing itself.
"""

import os
import runpy
import signal
import sys
import threading


def main() -> None:
    """Run the module that is named, with its arguments."""
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _end_with_parent() -> None:
    # Not through sys.stdin: its lock would be held while the interpreter ends.
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
