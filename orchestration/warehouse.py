"""The warehouse: one DuckDB file, one writer, and dbt run inside this process.

dbt is parsed once per process and, thanks to its partial-parse cache, not at all when nothing changed: the project is
parsed without `as_of` and `through` and for one name of the file, because any of them would invalidate the cache.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orchestration
from orchestration.errors import ConfigurationError, StepFailed
from orchestration.printing import without_secrets
from orchestration.thrift import thrifty

Progress = Callable[[str], None]

DATABASE_VARIABLE = "REVREC_DATABASE"
# A new file is written in DuckDB 1.3's format, which packs text in one pass: a third less CPU to write a journal line.
_NEW_FILE = {"storage_compatibility_version": "v1.3.0"}
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_JINJA = re.compile(r"\{[{%#]")
_SUCCESS = {"success", "pass", "no-op", "warn", "partial success"}
# Which file the project is parsed for, whatever the file is: every database shares one cache.
_PARSED_FOR = orchestration.STATE / "revrec.duckdb"
_manifests: dict[tuple[str, ...], dict[str, Any]] = {}


@dataclass(frozen=True)
class NodeResult:
    """What became of one dbt node. `failures` counts the rows a data test found."""

    unique_id: str
    resource_type: str
    name: str
    status: str
    message: str
    seconds: float
    failures: int | None = None

    @property
    def ok(self) -> bool:
        return self.status in _SUCCESS

    @property
    def failed(self) -> bool:
        return self.status in ("error", "fail", "runtime error")


@dataclass(frozen=True)
class BuildResult:
    """Every node of one dbt invocation, in the order they finished."""

    nodes: list[NodeResult] = field(default_factory=list)

    def count(self, *resource_types: str) -> int:
        return sum(node.ok for node in self.nodes if node.resource_type in resource_types)

    @property
    def warnings(self) -> list[NodeResult]:
        return [node for node in self.nodes if node.status == "warn"]


class BuildFailed(StepFailed):
    """A model or a data test failed: the tables after it were not built. `result` holds every node."""

    def __init__(self, result: BuildResult) -> None:
        self.result = result
        super().__init__(f"{_explain(result)} `bin/revrec review` lists what to look at.")


class MacroFailed(StepFailed):
    """An operation of dbt stopped; the message is what it said, with its line breaks."""


def database_path(database: str | Path | None = None) -> Path:
    """The absolute path of the warehouse file: the argument, else REVREC_DATABASE, else `.revrec/revrec.duckdb`."""
    chosen = database or os.environ.get(DATABASE_VARIABLE) or orchestration.STATE / "revrec.duckdb"
    path = Path(chosen).expanduser().absolute()
    if path.is_dir():
        raise ConfigurationError(f"{path} is a directory; --database and {DATABASE_VARIABLE} name a file.")
    return path


@contextlib.contextmanager
def writing(database: Path) -> Iterator[None]:
    """Hold the warehouse for writing. The kernel drops the lock when the process ends, however it ends.

    A second writer, or a reader that keeps the file open, is a ConfigurationError naming its process.
    """
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        lock_file = open(database.with_name(f"{database.name}.lock"), "a+")  # noqa: SIM115, PTH123
    except OSError as error:
        raise ConfigurationError(f"{database} cannot be written: {error.strerror}.") from error
    with lock_file:
        try:
            fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock_file.seek(0)
            raise _in_use(database, lock_file.read().strip()) from None
        try:
            lock_file.truncate(0)
            lock_file.write(str(os.getpid()))
            lock_file.flush()
        except OSError as error:
            raise ConfigurationError(f"{database} cannot be written: {error.strerror}.") from error
        # DuckDB has a lock of its own, which also knows readers: meet it now, not after the ingest.
        with connect(database, read_only=False):
            pass
        yield


@contextlib.contextmanager
def connect(database: Path, *, read_only: bool = True) -> Iterator[Any]:
    """A short-lived DuckDB connection. Never keep one open: it shuts every other process out."""
    import duckdb

    if read_only and not database.exists():
        raise ConfigurationError(
            f"{database} does not exist; build it first, for example with `bin/revrec run --demo`."
        )
    try:
        connection = duckdb.connect(str(database), read_only=read_only, config={} if database.exists() else _NEW_FILE)
    except duckdb.Error as error:
        _refuse_if_damaged(database, error)
        if not isinstance(error, duckdb.IOException):
            raise
        holder = re.search(r"PID (\d+)", str(error))
        if holder or "lock on file" in str(error):
            raise _in_use(database, holder[1] if holder else "") from error
        raise ConfigurationError(f"{database} is not a DuckDB file this version can open.") from error
    try:
        yield connection
    except duckdb.Error as error:
        _refuse_if_damaged(database, error)
        raise
    finally:
        connection.close()


def manifest(database: Path, progress: Progress | None = None) -> Any:
    """The parsed dbt project (dbt's Manifest), parsed once in the life of the process.

    Every call gives a copy: dbt writes into the manifest it runs, and would not compile an ephemeral model twice.
    """
    from dbt.contracts.graph.manifest import Manifest

    key = (os.environ.get("REVREC_TARGET", ""), os.environ.get("DBT_TARGET_PATH", ""))
    if key not in _manifests:
        if progress:
            progress("reading the dbt project")
        with _dbt_environment(_PARSED_FOR), thrifty():
            outcome = _runner(None, []).invoke(["parse", "--no-write-json", *_common_arguments()])
        if not outcome.success:
            cause = outcome.exception
            raise ConfigurationError(f"the dbt project cannot be read: {_one_line(cause)}") from cause
        _manifests[key] = outcome.result.to_dict()
    parsed = Manifest.from_dict(_manifests[key])
    if parsed.metadata.adapter_type == "duckdb":
        _rename(parsed, database)
    parsed.build_flat_graph()
    return parsed


def _rename(parsed: Any, database: Path) -> None:
    """DuckDB calls a database by its file, and so do the relations: the one thing that was parsed for another file."""
    from dbt.adapters.duckdb.credentials import DuckDBCredentials

    # The folder may hold what a URL gives a meaning to.
    named = DuckDBCredentials.path_derived_database_name
    old, new = named(_PARSED_FOR), named(orchestration.STATE / database.name)
    for node in [*parsed.nodes.values(), *parsed.sources.values(), *parsed.functions.values()]:
        if node.database == old:
            node.database = new
            if node.relation_name:
                node.relation_name = f'"{new}"' + node.relation_name.removeprefix(f'"{old}"')


def dbt(
    command: str,
    *,
    database: Path,
    variables: Mapping[str, Any] | None = None,
    select: Sequence[str] = (),
    arguments: Sequence[str] = (),
    full_refresh: bool = False,
    progress: Progress | None = None,
) -> BuildResult:
    """Run one dbt command (build, run, test, seed, run-operation…) on `database` and return every node's result.

    The caller holds `writing(database)`. Raises BuildFailed when a node failed, ConfigurationError when dbt could not
    start (profile, project, selection, locked file).
    """
    parsed = manifest(database, progress)
    call = [command, *arguments, *_common_arguments()]
    if variables:
        call += ["--vars", as_yaml({name: as_text(value) for name, value in variables.items()})]
    if select:
        call += ["--select", *select]
    if full_refresh:
        call.append("--full-refresh")
    if command != "docs":
        call.append("--no-write-json")  # pages read the files of a run; nothing here does
    said: list[str] = []
    callbacks = [_on_event(progress)] if progress else []
    with _dbt_environment(database), thrifty():
        outcome = _runner(parsed, [*callbacks, _on_macro_error(said)]).invoke(call)
    if (cause := outcome.exception) is not None:
        raise ConfigurationError(f"dbt {command} could not start: {_one_line(cause)}") from cause
    if said:
        raise MacroFailed(said[0])
    result = BuildResult([_node_result(row) for row in getattr(outcome.result, "results", [])])
    if not outcome.success:
        raise BuildFailed(result)
    return result


def as_yaml(values: Mapping[str, Any]) -> str:
    """Values as dbt reads its arguments: YAML, which JSON is but for a few characters that YAML wants escaped."""
    import json

    text = json.dumps(dict(values), ensure_ascii=False)
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def as_text(value: Any) -> Any:
    """A variable that dbt takes for text: it renders such text, so Jinja in a name would be carried out."""
    if not isinstance(value, str) or not _JINJA.search(value):
        return value
    escaped = "".join(one if one.isascii() and one.isalnum() else f"\\U{ord(one):08x}" for one in value)
    return f"{{{{ '{escaped}' }}}}"


def _runner(parsed: Any, callbacks: list[Callable[[Any], None]]) -> Any:
    from dbt.cli.main import dbtRunner

    return dbtRunner(manifest=parsed, callbacks=[_log_trouble, *callbacks])


def _common_arguments() -> list[str]:
    """Arguments of every call. dbt's own logs are off: it formats every debug event for them, an eighth of a build."""
    folders = ("--project-dir", str(orchestration.ROOT), "--profiles-dir", str(_profiles_dir()))
    return [*folders, *("--log-path", str(_logs())), *("--log-level", "none", "--log-level-file", "none"), "--quiet"]


def _logs() -> Path:
    return orchestration.STATE / "logs"


def _log_trouble(event: Any) -> None:
    """Warnings and errors of dbt, in the log file."""
    if event.info.level not in ("warn", "error"):
        return
    line = f"{event.info.ts.ToJsonString()} [{event.info.level}] {_COLOURS.sub('', event.info.msg)}\n"
    # A full disk is no reason to stop.
    with contextlib.suppress(OSError), (_logs() / "dbt.log").open("a", errors="backslashreplace") as log:
        log.write(without_secrets(line))


def _profiles_dir() -> Path:
    """The checkout when it has a profiles.yml, else DBT_PROFILES_DIR, else a copy of profiles.example.yml."""
    if (orchestration.ROOT / "profiles.yml").exists():
        return orchestration.ROOT
    if os.environ.get("DBT_PROFILES_DIR"):
        return Path(os.environ["DBT_PROFILES_DIR"]).absolute()
    copy = orchestration.STATE / "profiles" / "profiles.yml"
    example = (orchestration.ROOT / "profiles.example.yml").read_text()
    if not copy.exists() or copy.read_text() != example:
        copy.parent.mkdir(parents=True, exist_ok=True)
        # Renamed into place: another run may be reading it.
        draft = copy.with_name(f"profiles.{os.getpid()}.tmp")
        draft.write_text(example)
        draft.replace(copy)
    return copy.parent


@contextlib.contextmanager
def _dbt_environment(database: Path) -> Iterator[None]:
    """dbt reads the database from the environment and changes the working directory: both are put back."""
    before, directory = os.environ.get(DATABASE_VARIABLE), Path.cwd()
    os.environ[DATABASE_VARIABLE] = str(database)
    os.chdir(orchestration.ROOT)  # the profile's module_paths are relative
    try:
        yield
    finally:
        os.chdir(directory)
        if before is None:
            del os.environ[DATABASE_VARIABLE]
        else:
            os.environ[DATABASE_VARIABLE] = before
        _release_duckdb()


def _release_duckdb() -> None:
    """Close the connection that dbt-duckdb keeps for the process, or nobody else can read the file."""
    import sys

    connections = sys.modules.get("dbt.adapters.duckdb.connections")
    environment = connections and connections.DuckDBConnectionManager._ENV
    if environment:
        environment.close()
        connections.DuckDBConnectionManager.close_all_connections()


def _on_event(progress: Progress) -> Callable[[Any], None]:
    def tell(event: Any) -> None:
        if event.info.name in ("LogModelResult", "LogNodeResult", "LogSeedResult", "LogTestResult"):
            data = event.data
            total = getattr(data, "total", 0) or getattr(data, "num_models", 0)
            progress(f"dbt {data.index}/{total}")

    return tell


def _on_macro_error(said: list[str]) -> Callable[[Any], None]:
    """Results of an operation do not carry its error; the events do."""

    def listen(event: Any) -> None:
        if event.info.name in ("RunningOperationCaughtError", "RunningOperationUncaughtError"):
            said.append(_COLOURS.sub("", event.data.exc))

    return listen


def _node_result(row: Any) -> NodeResult:
    node = getattr(row, "node", row)  # an operation's result has its id only
    return NodeResult(
        unique_id=node.unique_id,
        resource_type=str(getattr(node, "resource_type", "operation")),
        name=getattr(node, "name", node.unique_id),
        status=str(row.status),
        message=(row.message or "").strip(),
        seconds=row.execution_time,
        failures=row.failures,
    )


def _explain(result: BuildResult) -> str:
    """One sentence per cause: the tests that found rows, the nodes that broke; what was skipped is only counted."""
    found = [node for node in result.nodes if node.status == "fail"]
    broken = [node for node in result.nodes if node.failed and node.status != "fail"]
    skipped = sum(node.status == "skipped" for node in result.nodes)
    parts = []
    if found:
        names = [f"{node.name} ({node.failures} rows)" for node in found]
        parts.append(f"{_counted(found, 'check')} failed: {_listed(names)}.")
    if broken:
        parts.append(f"{_counted(broken, 'node')} could not be built: {_listed([node.name for node in broken])}.")
        parts.append(f"The first says: {_one_line(broken[0].message)}.")
    if skipped:
        parts.append(f"{skipped} nodes after them were skipped.")
    return " ".join(parts) or "dbt reported a failure without naming a node; see .revrec/logs/dbt.log."


def _counted(nodes: list[NodeResult], word: str) -> str:
    return f"{len(nodes)} {word}{'' if len(nodes) == 1 else 's'}"


def _listed(names: list[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _one_line(error: object) -> str:
    text = " ".join(_COLOURS.sub("", str(error)).split()).rstrip(".")
    return text if len(text) <= 400 else text[:400] + "…"


def _in_use(database: Path, process: str) -> ConfigurationError:
    by = f" by process {process}" if process else ""
    return ConfigurationError(
        f"{database} is in use{by}; wait until it has finished, or name another file with --database."
    )


def _refuse_if_damaged(database: Path, error: Exception) -> None:
    """What DuckDB says of a block whose checksum is not that of its bytes, or of metadata that end too early."""
    if any(words in str(error) for words in ("Corrupt database file", "MetadataReader", "Failed to load metadata")):
        raise ConfigurationError(
            f"{database} is damaged ({_one_line(error)}): keep it aside, restore the last backup into a new file with"
            " `bin/revrec restore`, and run again."
        ) from error
