"""A contract that was never changed gets the same cents in SQL and through the fold, in every public table."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration import warehouse

TABLES = [
    "recognition_by_period",
    "price_allocations",
    "performance_obligations",
    "journal_lines",
    "trial_balance",
    "contract_balances",
    "deferred_revenue_rollforward",
]
# How a price is written down differs, not the price: the fold names what it re-priced.
LEFT_OUT = {"price_allocations": "exclude (basis, weight)"}


@pytest.fixture(scope="module")
def folded(cases_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The oracle cases once more, every contract folded."""
    database = tmp_path_factory.mktemp("folded") / cases_database.name
    shutil.copy(cases_database, database)
    variables = {"as_of": "2037-12-31 23:59:59", "through": "2037-12", "fold_everything": True}
    with warehouse.writing(database):
        warehouse.dbt("run", database=database, full_refresh=True, variables=variables)
    return database


def test_an_unchanged_contract_has_the_same_cents_either_way(cases_database: Path, folded: Path) -> None:
    with duckdb.connect() as connection:
        for name, database in (("by_sql", cases_database), ("by_fold", folded)):
            connection.execute(f"attach '{database}' as {name} (read_only)")
        unchanged = "from by_fold.engine.contracts where is_folded and not is_invoice_only"
        changed = "select contract_key from by_sql.engine.contracts where is_folded"
        count = connection.execute(f"select count(*) {unchanged} and contract_key not in ({changed})").fetchone()
        assert count is not None and count[0] > 30, "too few contracts to compare"
        for table in TABLES:
            columns = f"select * {LEFT_OUT.get(table, '')}"
            rows = connection.execute(f"select count(*) from by_sql.reports.{table}").fetchone()  # noqa: S608
            assert rows is not None and rows[0] > 0, f"{table} is empty"
            sides = [f"{columns} from {side}.reports.{table}" for side in ("by_sql", "by_fold")]
            for one, other in (sides, sides[::-1]):
                assert connection.execute(f"{one} except all {other}").fetchall() == [], table
