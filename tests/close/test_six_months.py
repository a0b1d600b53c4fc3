"""Six months closed one after the other through the command line, with all that comes late; then a second opinion.

Every build of six months costs the same: this file is the one that plays them.
"""

from __future__ import annotations

import duckdb
import pytest
from close import second_opinion
from close.half_year import Done, HalfYear
from close.six_months import CONTRACTS, MONTHS

from orchestration import audit


@pytest.fixture(scope="module")
def half_year(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[HalfYear, list[Done]]:
    folder = tmp_path_factory.mktemp("half_year")
    played = HalfYear(folder / "half-year.duckdb", folder)
    return played, list(played.play())


def rows(half_year: tuple[HalfYear, list[Done]], query: str) -> list[tuple]:
    with duckdb.connect(str(half_year[0].database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_every_month_is_posted_and_locked_and_nothing_waits(half_year) -> None:
    periods = next(done.said for done in half_year[1] if done.command.endswith(" periods"))
    assert "locked through 2026-06, 0 drafts, 0 approved" in periods
    assert rows(half_year, "select count(*) from engine.known_contracts")[0][0] == CONTRACTS + 2
    batches = rows(
        half_year, "select posting_period_no % 12 + 1, count(*) from ops.posted_batches group by 1 order by 1"
    )
    assert batches == [(1, 1), (2, 1), (3, 1), (4, 2), (5, 1), (6, 1)]
    assert rows(half_year, "select * from reports.anomaly_flags where resolution is null") == []


def test_a_month_that_is_not_posted_is_not_locked(half_year) -> None:
    refused = next(done for done in half_year[1] if done.code == 1)
    assert "2026-01 cannot be locked yet" in refused.said and "not approved" in refused.said


@pytest.mark.parametrize(
    ("which", "booked", "belongs"),
    [
        ("entry_id = 'ASC606:invoice:I-90'", "2026-03", "2026-02"),  # late invoice
        ("contract_id = 'K-01' and cause = 'modification'", "2026-04", "2026-03"),  # backdated amendment
        ("entry_id = 'ASC606:invoice:I-91'", "2026-04", "2026-04"),  # into the month that was opened again
        ("entry_type = 'credit_note'", "2026-05", "2026-04"),  # credit note into a locked month
        ("entry_type = 'payment' and corrects_entry_id is not null", "2026-05", "2026-03"),  # corrected input row
    ],
)
def test_what_comes_late_is_booked_in_the_first_open_month(half_year, which: str, booked: str, belongs: str) -> None:
    found = rows(
        half_year,
        f"select distinct posting_period, accounting_period from reports.journal_entries where {which}",  # noqa: S608
    )
    assert found == [(booked, belongs)]


def test_it_took_two_people_to_open_april_again(half_year) -> None:
    events = rows(
        half_year, "select kind, actor, second_actor from ops.period_events where kind like 'reopen%' order by seq"
    )
    assert events == [("reopen_request", "Cleo", None), ("reopen", "Dora", "Cleo")]


def test_before_april_is_closed_it_is_asked_what_changed(half_year) -> None:
    said = next(done.said for done in half_year[1] if "What changed" in done.command)
    assert "locked through 2026-03, with what was known at 2026-04-05 23:59:59" in said
    assert "ASC606:revenue:K-01:2026-03:modification: Revenue of 2026-03" in said and "modification, of 2026-03" in said


def test_the_log_and_every_lock_can_be_proved(half_year) -> None:
    verified = audit.verify(half_year[0].database)
    assert verified.findings == [] and verified.checked["locks"] == 7


def test_locked_balances_are_those_of_today(half_year) -> None:
    """Whatever came later was booked later: the last lock of each month still says what the trial balance says."""
    columns = "period, role, account_code, currency, opening, debit, credit, closing, functional_closing"
    then = rows(
        half_year,
        f"""
        select {columns} from ops.locked_trial_balances as balances
        where lock_seq = (select max(lock_seq) from ops.locked_trial_balances where period = balances.period)
        order by all
        """,  # noqa: S608
    )
    now = rows(half_year, f"select {columns} from reports.trial_balance where status = 'posted' order by all")  # noqa: S608
    assert then == now and len(then) > 50


def test_an_independent_ledger_agrees_to_the_cent(half_year) -> None:
    [ledger] = (half_year[0].folder / "exports").glob("*.beancount")
    assert second_opinion.checked(ledger) == (0, "", "")
    theirs = second_opinion.theirs(ledger, MONTHS, "USD")
    ours = second_opinion.ours(half_year[0].database, "beacon", MONTHS)
    for month in MONTHS:
        assert theirs[month] == ours[month], month
    assert len(ours[MONTHS[-1]][0]) > 8


def test_the_journal_of_every_month_comes_back_without_a_difference(half_year) -> None:
    said = next(done.said for done in half_year[1] if " reconcile " in done.command)
    assert said.strip().endswith(" 0 differences")
    exported = rows(half_year, "select count(*), count(distinct batch_id) from ops.export_outbox where erp = 'journal'")
    assert exported == [(7, 7)]


def test_revenue_by_both_months_is_the_same_in_the_end(half_year) -> None:
    [[by_booking, by_belonging]] = rows(
        half_year,
        """
        select
            sum(amount) filter (where posting_period <= '2026-06'),
            sum(amount) filter (where accounting_period <= '2026-06'),
        from reports.recognition_by_period
        """,
    )
    assert by_booking == by_belonging > 0
