"""What a right to invoice earns: each invoice line by day over its service (606-10-55-18), through a whole build."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import small_books

from orchestration import close, pipeline

AS_OF, THROUGH = "2026-07-05", "2026-06"
QUARTER, YEAR = "2026-01-01,2026-03-31", "2026-01-01,2026-12-31"
# Contract -> its bills: day of issue, amount and service.
BILLS = {
    "advance": [f"2026-01-01,900.00,{QUARTER}"],
    "arrears": [f"2026-03-31,900.00,{QUARTER}"],
    "undated": ["2026-02-10,900.00,,"],
    "several": [f"2026-01-01,100.00,{QUARTER}", "2026-02-15,50.00,2026-02-01,2026-02-28"],
    "late": [f"2026-02-20,900.00,{QUARTER}"],
    "beside": [f"2026-01-01,900.00,{QUARTER}"],
    "ended": [f"2026-01-01,900.00,{QUARTER}"],
    "paused": [f"2026-01-01,900.00,{QUARTER}"],
    "switched": ["2026-01-01,900.00,2026-01-01,2026-01-31"],
    "opened": ["2026-02-10,900.00,2026-01-15,2026-02-28"],
}
SIGNED = {"late": "2026-02-10"}
TABLES = {
    "products": small_books.COMPANY["products"] + "hours,Hours,as_invoiced\n",
    "contracts": "contract_id,customer_id,entity_id,currency,signed_on\n"
    + "".join(f"{name},c1,acme,USD,{SIGNED.get(name, '2026-01-01')}\n" for name in BILLS),
    "contract_versions": "contract_id,version,agreed_on,effective_on,change,resumes_on\n"
    + "".join(f"{name},1,2026-01-01,2026-01-01,inception,\n" for name in BILLS)
    + "beside,2,2026-03-01,2026-03-01,price_change,\nended,2,2026-03-01,2026-03-01,termination,\n"
    "paused,2,2026-03-01,2026-03-01,pause,2026-04-01\nswitched,2,2026-03-01,2026-03-01,other,\n",
    "contract_lines": "contract_id,version,line_id,product_id,amount,starts_on,ends_on\n"
    + "".join(f"{name},1,H,hours,0.00,{YEAR}\n" for name in BILLS)
    + "".join(f"{name},{n},F,plan,0.00,{YEAR}\n" for name in ("beside", "ended") for n in (1, 2)).replace(
        "beside,2,F,plan,0.00", "beside,2,F,plan,306.00"
    )
    + f"beside,2,H,hours,0.00,{YEAR}\npaused,2,H,hours,0.00,{YEAR}\nswitched,2,H,plan,900.00,{YEAR}\n",
    "invoices": "invoice_id,customer_id,entity_id,currency,issued_on,contract_id\n"
    + "".join(
        f"{name}{n},c1,acme,USD,{bill[:10]},{name}\n" for name, bills in BILLS.items() for n, bill in enumerate(bills)
    )
    + "own,c1,acme,USD,2026-01-01,\n",
    "invoice_lines": "invoice_id,invoice_line_id,line_id,product_id,amount,starts_on,ends_on\n"
    # The only line of the product is billed, whether it is named or not.
    + "".join(
        f"{name}{n},{name}{n}-1,{'' if name == 'several' else 'H'},hours,{bill[11:]}\n"
        for name, bills in BILLS.items()
        for n, bill in enumerate(bills)
    )
    + f"own,own-1,,hours,900.00,{QUARTER}\n",
    "opening_balances": "entity_id,period,contract_id,line_id,recognized_to_date,billed_to_date,accepted_by,source\n"
    "acme,2026-02,opened,H,340.00,0.00,Ada,the system before\n",
}


@pytest.fixture(scope="module")
def books(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("invoiced")
    inputs = small_books.write(home / "inputs", TABLES)
    database = home / "books.duckdb"
    # January is closed before the bills of February and March are known.
    pipeline.run(inputs=inputs, database=database, as_of="2026-02-05", through="2026-01")
    for action in ("approve", "post", "lock"):
        close.act(action, database=database, by="Ada", period="2026-01")
    pipeline.run(inputs=inputs, database=database, as_of=AS_OF, through=THROUGH)
    return database


def months(books: Path, contract: str, kind: str = "accounting") -> list[str]:
    """What lines earned as invoiced earn by month, from January on."""
    found = small_books.amounts(
        books,
        f"select {kind}_period, cast(sum(amount) as decimal(18, 2)) from reports.recognition_by_period"  # noqa: S608
        f" where contract_id = '{contract}' and line_id <> 'F' group by all",
    )
    return [str(found.get(f"2026-0{month}", Decimal("0.00"))) for month in range(1, 7)]


@pytest.mark.parametrize(
    ("contract", "earned"),
    [
        ("advance", ["310.00", "280.00", "310.00"]),
        ("arrears", ["310.00", "280.00", "310.00"]),
        ("undated", ["0.00", "900.00", "0.00"]),
        # 100.00 × 31 ÷ 90 = 34.44, × 59 ÷ 90 = 65.56, and 50.00 for February alone.
        ("several", ["34.44", "81.12", "34.44"]),
        # Before the signature there is no contract: January is caught up in February.
        ("late", ["0.00", "590.00", "310.00"]),
        ("beside", ["310.00", "280.00", "310.00"]),
        ("own", ["310.00", "280.00", "310.00"]),
    ],
)
def test_each_day_of_service_earns_its_part(books: Path, contract: str, earned: list[str]) -> None:
    assert months(books, contract) == [*earned, "0.00", "0.00", "0.00"]


def test_days_of_a_closed_month_are_posted_when_the_bill_is_known(books: Path) -> None:
    assert months(books, "advance", "posting") == ["310.00", "280.00", "310.00", "0.00", "0.00", "0.00"]
    assert months(books, "arrears", "posting") == ["0.00", "590.00", "310.00", "0.00", "0.00", "0.00"]


def test_what_is_billed_ahead_is_a_liability_and_what_is_earned_ahead_a_receivable(books: Path) -> None:
    found = small_books.amounts(
        books,
        "select contract_id, period, contract_liability - unbilled_receivable from reports.contract_balances"
        " where contract_id in ('advance', 'arrears') and contract_asset = 0 and period <= '2026-03'",
    )
    # The lock of January came before the bill in arrears.
    assert found == {
        ("advance", "2026-01"): 590,
        ("advance", "2026-02"): 310,
        ("advance", "2026-03"): 0,
        ("arrears", "2026-02"): -590,
        ("arrears", "2026-03"): 0,
    }


def test_what_cannot_be_told_is_left_without_numbers(books: Path) -> None:
    query = "select contract_id, explanation from reports.anomaly_flags where severity = 'block'"
    bill = "line H is earned as invoiced and invoice"
    reasons = {
        "ended": f"{bill} ended0 bills days that version 2 ends or pauses: bill them apart",
        "paused": f"{bill} paused0 bills days that version 2 ends or pauses: bill them apart",
        "opened": f"{bill} opened0 bills service after its opening balance that was billed or begun before:"
        " bill it apart",
        "switched": "line H is recognised in another way from one version to the next: end it and begin another line",
    }
    expected = {name: f"Contract {name} has no entries: {reason}." for name, reason in reasons.items()}
    assert dict(small_books.rows(books, query)) == expected
