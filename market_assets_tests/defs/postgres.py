"""A Postgres server of the tests' own: a folder, a socket in it, and no port."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

PASSWORD = "not-in-any-file"


def binaries() -> Path | None:
    """Where Debian, or the PATH, has Postgres."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((each for each in places if (each / "postgres").exists()), None)


@contextmanager
def server(programs: Path) -> Iterator[str]:
    """The address of a running server; what it is asked for is a database of that name."""
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    own = {"user": user.pw_uid, "group": user.pw_gid} if os.geteuid() == 0 else {}
    with TemporaryDirectory() as folder:  # its path is short, as a socket's has to be
        root = Path(folder)
        os.chown(root, user.pw_uid, user.pw_gid)
        (root / "secret").write_text(PASSWORD)

        def called(program: str, *words: object) -> None:
            command = [programs / program, "-D", root / "data", *map(str, words)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=root, **own)

        rules = ("-U", "dagster", "-A", "scram-sha-256", "--locale=C", "-E", "UTF8")
        called("initdb", *rules, "--no-sync", f"--pwfile={root / 'secret'}")
        options = f"-c listen_addresses='' -c unix_socket_directories={root} -c fsync=off"
        called("pg_ctl", "start", "-w", "-l", root / "log", "-o", options)
        try:
            yield f"postgresql://dagster:{PASSWORD}@/{{database}}?host={root}"
        finally:
            called("pg_ctl", "stop", "-m", "immediate")
