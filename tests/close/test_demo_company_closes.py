"""The demo company closes its first half year through the command line: January on time, the other months at once.

What a single month can meet (a reopening, a correction, an amendment found in a drawer) is in test_six_months, on a
company that is small enough to build seven times. Here the company is large, and what comes late is what it recorded
late.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from close import second_opinion

from orchestration import audit, cli
from tests.made_once import made_once

# What was known when, and the months that were closed with it.
LOOKS = {"2024-02-05": ("2024-01",), "2024-07-05": ("2024-02", "2024-03", "2024-04", "2024-05", "2024-06")}
MONTHS = tuple(month for months in LOOKS.values() for month in months)
FUNCTIONAL = {"nwm-eu": "EUR", "nwm-us": "USD"}


def rows(database: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def closed(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database; the ledgers for Beancount are beside it."""
    return made_once(tmp_path_factory, "demo-close", close_half_a_year) / "demo.duckdb"


def close_half_a_year(folder: Path) -> None:
    database = folder / "demo.duckdb"

    def revrec(*words: str) -> None:
        assert cli._exit_code([*words, "--database", str(database)]) == 0, words

    for as_of, months in LOOKS.items():
        revrec("run", "--demo", "--as-of", as_of, "--through", months[-1])
        for month in months:
            revrec("approve", "--period", month, "--by", "Ada")
            revrec("post", "--period", month, "--by", "Bo")
        revrec("lock", "--period", months[-1], "--by", "Cleo")
    revrec("export", "--erp", "beancount", "--period", MONTHS[-1], "--by", "Bo", "--out", str(folder))


def test_both_entities_are_posted_and_locked(closed: Path) -> None:
    found = rows(
        closed,
        """
        select entity_id, posting_period, count(*) filter (where status <> 'posted')
        from reports.journal_entries group by all order by all
        """,
    )
    assert found == [(entity, month, 0) for entity in FUNCTIONAL for month in MONTHS]
    locks = rows(closed, "select entity_id, period_no % 12 + 1 from ops.period_events where kind = 'lock' order by seq")
    assert locks == [("nwm-eu", 1), ("nwm-us", 1), ("nwm-eu", 6), ("nwm-us", 6)]
    assert audit.verify(closed).findings == []


def test_what_was_recorded_late_is_booked_in_the_first_open_month(closed: Path) -> None:
    found = rows(
        closed,
        """
        select posting_period, count(*) from reports.journal_entries
        where accounting_period < posting_period group by all order by all
        """,
    )
    assert [month for month, _ in found] == ["2024-02"]


@pytest.mark.parametrize("entity", FUNCTIONAL)
def test_an_independent_ledger_agrees_to_the_cent(closed: Path, entity: str) -> None:
    [ledger] = closed.parent.glob(f"beancount-{entity}-*.beancount")
    assert second_opinion.checked(ledger) == (0, "", "")
    theirs = second_opinion.theirs(ledger, MONTHS, FUNCTIONAL[entity])
    ours = second_opinion.ours(closed, entity, MONTHS)
    for month in MONTHS:
        assert theirs[month] == ours[month], month
    assert ours[MONTHS[-1]][0]
