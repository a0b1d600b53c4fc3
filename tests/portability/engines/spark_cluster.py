"""A standalone Spark cluster on the loopback interface: a master and two workers, processes of their own."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

WORKERS = 2
# A master and a worker do next to nothing: most of their work is to start.
DAEMON = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def alive_workers(page: int) -> int:
    """As the master's own page counts them; 0 while it is not up."""
    with contextlib.suppress(OSError, ValueError), urlopen(f"http://127.0.0.1:{page}/json/", timeout=5) as answer:
        return int(json.load(answer)["aliveworkers"])
    return 0


@contextlib.contextmanager
def cluster(python: Path, folder: Path) -> Iterator[str]:
    """The master's address, while both workers are there; everything stops afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    home = next(python.parent.parent.glob("lib/python3*/site-packages/pyspark"))
    port, page = free_port(), free_port()
    here = os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_DAEMON_MEMORY": "512m",
        "SPARK_DAEMON_JAVA_OPTS": DAEMON,
        "PYSPARK_PYTHON": str(python),
    }
    master = f"spark://127.0.0.1:{port}"
    deploy = "org.apache.spark.deploy"
    asked = [[f"{deploy}.master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", str(page)]]
    for number in range(WORKERS):
        worker = [f"{deploy}.worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g"]
        asked.append([*worker, "--webui-port", "0", "--work-dir", str(folder / f"worker{number}"), master])
    running = []
    try:
        for command in asked:
            log = (folder / f"{len(running)}.log").open("w")
            program = [str(home / "bin" / "spark-class"), *command]
            running.append(subprocess.Popen(program, env=here, stdout=log, stderr=log, start_new_session=True))
        deadline = time.monotonic() + 60
        while alive_workers(page) < WORKERS:
            if time.monotonic() > deadline:
                raise RuntimeError(f"the workers did not register: {(folder / '0.log').read_text()[-2000:]}")
            time.sleep(0.5)
        yield master
    finally:
        for process in reversed(running):
            process.terminate()
        for process in running:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
