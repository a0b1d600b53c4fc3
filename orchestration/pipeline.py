"""The pipeline, from source systems to drafts: the one code path of the command line, the schedule and the tests."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import orchestration
from orchestration import close, warehouse
from orchestration.errors import ConfigurationError
from orchestration.summary import RunSummary, read
from orchestration.warehouse import Progress

if TYPE_CHECKING:
    from orchestration.defs.ingest.settings import Settings

SYSTEMS = ("salesforce", "stripe", "gocardless")
DEMO_INPUTS = orchestration.ROOT / "seeds" / "demo"
DEMO_AS_OF, DEMO_THROUGH = "2026-01-05", "2025-12"


@dataclass(frozen=True)
class Horizon:
    """What a build may know and how far it drafts: `as_of` is UTC 'YYYY-MM-DD HH:MM:SS', `through` is 'YYYY-MM'."""

    as_of: str
    through: str

    @classmethod
    def of(cls, as_of: str | None = None, through: str | None = None) -> Horizon:
        """Read what a person wrote. A date alone means the end of that day; nothing means now; no offset means UTC.

        `through` defaults to the month of `as_of`. Raises ConfigurationError.
        """
        moment = _moment(as_of) if as_of else datetime.now(UTC)
        if through is not None and not is_month(through):
            raise ConfigurationError(f"'{through}' is not a period; --through is a month such as 2026-03.")
        return cls(f"{moment:%Y-%m-%d %H:%M:%S}", through or f"{moment:%Y-%m}")

    def not_before(self, latest: str | None, through: str | None = None) -> Horizon:
        """The same, or as of `latest` when that is later; `through` is the period that was asked for, if any."""
        if latest is None or latest <= self.as_of:
            return self
        return Horizon(latest, through or max(self.through, latest[:7]))

    @property
    def variables(self) -> dict[str, str]:
        """The dbt vars."""
        return {"as_of": self.as_of, "through": self.through}


def demo_horizon(as_of: str | None = None, through: str | None = None) -> Horizon:
    """The demo company's own present, where nothing else is asked for."""
    return Horizon.of(as_of or DEMO_AS_OF, through or (None if as_of else DEMO_THROUGH))


def run(
    *,
    demo: bool = False,
    inputs: Path | None = None,
    sources: Sequence[str] = (),
    database: Path | None = None,
    as_of: str | None = None,
    through: str | None = None,
    full_refresh: bool = False,
    check_changed: bool = False,
    progress: Progress = lambda message: None,
) -> RunSummary:
    """Ingest, build and check; ends with drafts and their summary.

    `demo` loads the demo company, `inputs` a folder in the form of the input layer, `sources` the named systems with
    the credentials of the environment; none of them builds again from what was loaded before. Without `as_of` it is
    now, but never before what was posted or locked: a clock that went back does not hide the ledger from the books.
    With `check_changed` the checks of single contracts ask those that the build computes or drafts anew, or that were
    posted to since the last complete build; balances are always those of all.
    Raises ConfigurationError (nothing was changed or the cause is outside the books) and BuildFailed (a control).
    """
    if demo and (inputs or sources):
        raise ConfigurationError("--demo brings its own data; leave out --inputs and --source.")
    if inputs and not inputs.is_dir():
        raise ConfigurationError(f"{inputs} is not a folder; --inputs names a folder of <table>.csv files.")
    horizon = demo_horizon(as_of, through) if demo else Horizon.of(as_of, through)
    path = warehouse.database_path(database)
    if not (demo or inputs or sources or path.exists()):
        raise ConfigurationError(f"{path} does not exist yet; pass --demo, --inputs DIR or --source NAME to load it.")

    settings = source_settings(sources) if sources else {}
    started = time.monotonic()
    with warehouse.writing(path):
        loaded: dict[str, int] = {}
        if not as_of:
            horizon = horizon.not_before(close.known_as_of(path), through)
        declare(path)
        if demo or inputs or settings:
            keep_apart(path, demo=demo)
        if demo:
            with demo_settings() as demo_services:
                loaded |= ingest(path, demo_services, progress)
            loaded |= load_files(DEMO_INPUTS, path, progress)
        if settings:
            loaded |= ingest(path, settings, progress)
        if inputs:
            loaded |= load_files(inputs, path, progress)
        built = warehouse.dbt(
            "build",
            database=path,
            variables={**horizon.variables, **builder(), "loaded": loaded, "check_every_contract": not check_changed},
            # Unit tests prove the code, not the books: they belong to `make test`.
            arguments=["--exclude-resource-type", "unit_test"],
            full_refresh=full_refresh,
            progress=progress,
        )
        summary = read(path, through=horizon.through)
    summary.as_of, summary.loaded = horizon.as_of, loaded
    summary.built = {
        "models": built.count("model"),
        "checks": built.count("test"),
        "warnings": len(built.warnings),
    }
    summary.seconds = round(time.monotonic() - started, 1)
    return summary


def builder() -> dict[str, str]:
    """Who builds, as dbt vars: the preparer of every draft of the build, who may not approve it."""
    return {"actor": close.person(None), "login": close.login()}


def build(
    database: Path,
    horizon: Horizon,
    *,
    select: Sequence[str] = (),
    arguments: Sequence[str] = (),
    full_refresh: bool = False,
    progress: Progress = lambda message: None,
) -> warehouse.BuildResult:
    """dbt build of everything selected: seeds, functions, models and the checks on their data.

    Unit tests are left to `make test`: they hold the models to made-up rows and say nothing about these books.
    """
    return warehouse.dbt(
        "build",
        database=database,
        variables={**horizon.variables, **builder()},
        select=select,
        arguments=["--exclude-resource-type", "unit_test", *arguments],
        full_refresh=full_refresh,
        progress=progress,
    )


def source_settings(systems: Sequence[str], environment: Mapping[str, str] | None = None) -> dict[str, Settings]:
    """How to reach each system, from the environment. Raises ConfigurationError naming what is missing."""
    from orchestration.defs.ingest.settings import Settings

    return {system: Settings.from_environment(system, environment) for system in systems}


@contextlib.contextmanager
def demo_settings() -> Iterator[dict[str, Settings]]:
    """The demo company's services, running in this process, as settings for `ingest`."""
    from orchestration import demo_company
    from orchestration.defs.ingest.settings import Settings

    access = demo_company.CREDENTIALS
    with demo_company.running() as urls:
        yield {
            "salesforce": Settings(
                "salesforce",
                base_url=urls["salesforce"],
                secret=access["salesforce"]["client_secret"],
                client_id=access["salesforce"]["client_id"],
            ),
            "stripe": Settings("stripe", base_url=urls["stripe"], secret=access["stripe"]["api_key"]),
            "gocardless": Settings(
                "gocardless", base_url=urls["gocardless"], secret=access["gocardless"]["access_token"]
            ),
        }


def declare(database: Path) -> None:
    """Make every raw table exist with all its columns, so that every model builds whatever was loaded."""
    from orchestration.defs.ingest import file_drop, load

    load.declare(database)
    file_drop.declare(database)


def keep_apart(database: Path, *, demo: bool) -> None:
    """Refuse to load made-up and real rows into one file: they would be added up. Remembers that a file is a demo."""
    with warehouse.connect(database, read_only=False) as connection:
        [[is_demo]] = connection.execute(
            "select count(*) > 0 from duckdb_schemas() where schema_name = 'raw_demo'"
        ).fetchall()
        [[has_rows]] = connection.execute(
            """
            select count(*) > 0
            from duckdb_tables()
            where
                starts_with(schema_name, 'raw_')
                and not starts_with(table_name, '_dlt')
                and estimated_size > 0
            """
        ).fetchall()
        if is_demo and not demo:
            raise ConfigurationError(f"{database} holds the demo company; name another file with --database.")
        if demo and has_rows and not is_demo:
            raise ConfigurationError(f"{database} holds other books; give the demo a file of its own with --database.")
        if demo:
            connection.execute("create schema if not exists raw_demo")


def ingest(
    database: Path, settings: Mapping[str, Settings], progress: Progress = lambda message: None
) -> dict[str, int]:
    """Append what is new in the source systems to their raw schemas; rows by system."""
    from orchestration.defs.ingest import load

    return {done.system: done.rows for done in load.ingest(list(settings), database, settings, progress)}


def load_files(folder: Path, database: Path, progress: Progress = lambda message: None) -> dict[str, int]:
    """Append what changed in a file drop to its raw schema; rows."""
    from orchestration.defs.ingest import file_drop

    return {"files": file_drop.load(folder, database, progress).lines_loaded}


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(
            f"'{text}' is not a moment; --as-of is a date (2026-01-05) or a UTC time (2026-01-05 18:00:00)."
        ) from None
    if len(text) <= len("2026-01-05"):
        moment = moment.replace(hour=23, minute=59, second=59)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def is_month(text: str) -> bool:
    """Whether a text is a period such as 2026-03."""
    try:
        return datetime.strptime(text, "%Y-%m").strftime("%Y-%m") == text
    except ValueError:
        return False
