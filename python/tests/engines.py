"""One job on one engine, in a process of its own: `python engines.py ENGINE WORK ROWS.parquet` prints what it found, as JSON.

ENGINE is `sail`, or a master of Spark: `local[2]`, `local-cluster[2,1,1024]`.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

SPARK = "local-cluster[2,1,1024]"


def available(engine: str) -> str | None:
    """Why this engine can't run here, if it can't."""
    try:
        import pyarrow  # noqa: F401
        import pyspark  # noqa: F401

        if engine == "sail":
            import pysail  # noqa: F401
    except ImportError as missing:
        return str(missing)
    if engine != "sail" and shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        return "Spark needs Java"
    return None


def session(engine: str, log: str | None = None) -> Any:
    """A session of this engine; Spark writes its events to the folder `log`."""
    from pyspark.sql import SparkSession

    if engine == "sail":
        from pysail.spark import SparkConnectServer

        server = SparkConnectServer()
        server.start()
        _, port = server.listening_address
        spark = SparkSession.builder.remote(f"sc://localhost:{port}").getOrCreate()
        # The server lives as long as what it serves.
        spark.__dict__["server"] = server
        return spark
    # Few rows need few tasks.
    settings = {"spark.sql.shuffle.partitions": "2", "spark.default.parallelism": "2", "spark.ui.enabled": "false", "spark.log.level": "ERROR"}
    if log:
        settings |= {"spark.eventLog.enabled": "true", "spark.eventLog.compress": "false", "spark.eventLog.dir": f"file://{log}"}
    builder = SparkSession.builder.master(engine)
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def job(engine: str, work: str, rows: str, log: str | None = None, **settings: Any) -> dict[str, Any]:
    from reprints.spark import dedup

    spark = session(engine, log)
    started = time.monotonic()
    df = spark.read.parquet(rows)
    fields = {name: name for name in ("date", "source") if name in df.columns}
    result = dedup(df, work, **fields, **settings)
    documents = result.documents.toArrow().to_pylist()
    digest = result.digest
    seconds = round(time.monotonic() - started, 1)
    clusters = result.clusters.toArrow().to_pylist()
    contained = result.contained.toArrow().to_pylist()
    return {"digest": digest, "seconds": seconds, "clusters": clusters, "documents": documents, "contained": contained}


def run(engine: str, work: Path, rows: Path, **settings: Any) -> dict[str, Any]:
    """The same, in a process of its own: one process has one engine."""
    done = start(engine, work, rows, **settings)
    out, errors = done.communicate()
    assert done.returncode == 0, errors[-5000:]
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return found


def start(engine: str, work: Path, rows: Path, **settings: Any) -> subprocess.Popen[str]:
    # What a session in this process left for its children, such as that of an example of a page, is none of this one's. The job is
    # elsewhere than here, where the sources would be found before what was installed; workers take the same Python.
    env = {name: value for name, value in os.environ.items() if not name.startswith(("SPARK_CONNECT", "SPARK_REMOTE", "SPARK_LOCAL_REMOTE"))}
    command = [sys.executable, str(Path(__file__)), engine, str(work), str(rows), json.dumps(settings)]
    return subprocess.Popen(
        command,
        cwd=rows.parent,
        env=env | {"PYSPARK_PYTHON": sys.executable},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def executors(driver: int) -> list[int]:
    """The executors of Spark that this process has started, by what Linux tells of processes."""
    below: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # After the name, which may have spaces: the state and the parent.
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        below.setdefault(parent, []).append(int(stat.parent.name))
    found = []
    processes = [driver]
    while processes:
        process = processes.pop()
        processes += below.get(process, [])
        try:
            if "CoarseGrainedExecutorBackend" in Path(f"/proc/{process}/cmdline").read_text():
                found.append(process)
        except OSError:
            continue
    return found


def run_killing_executors(engine: str, work: Path, rows: Path, moments: list[int], **settings: Any) -> tuple[dict[str, Any], int]:
    """The same, where an executor is killed whenever so many stages are done; and how many were killed."""
    started = start(engine, work, rows, **settings)
    killed = 0
    with ThreadPoolExecutor() as pool:
        # Its output is read all the time: a full pipe would stop it.
        ended = pool.submit(started.communicate)
        for stages in moments:
            while not ended.done() and len(list(work.glob("*.manifest"))) < stages:
                time.sleep(0.05)
            for executor in executors(started.pid)[:1]:
                os.kill(executor, signal.SIGKILL)
                killed += 1
        out, errors = ended.result()
    assert started.returncode == 0, errors[-5000:]
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return found, killed


if __name__ == "__main__":
    print(json.dumps(job(*sys.argv[1:4], **json.loads(sys.argv[4] if len(sys.argv) > 4 else "{}"))))
