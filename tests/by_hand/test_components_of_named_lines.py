"""Components and discounts of named lines fall on these lines, in the books of a small company, worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import small_books

from orchestration import pipeline

AS_OF, THROUGH = "2027-01-05", "2026-12"
YEAR, HALF = "2026-01-01,2026-12-31", "2026-07-01,2026-12-31"
NAMES = ["rebate", "penalty", "named", "period", "past", "early", "several", "upsell", "raised", "shifted", "royalty"]

TABLES = {
    "policies": "entity_id,book,policy,value\nacme,*,straight_line,monthly_even\n",
    "products": small_books.COMPANY["products"]
    + "invoiced,Invoiced,as_invoiced\nlicence,Licence,point_in_time\nless,Less,point_in_time\n",
    "contracts": "contract_id,customer_id,entity_id,currency,signed_on\n"
    + "".join(f"{name},c1,acme,USD,2026-01-01\n" for name in NAMES),
    "contract_versions": "contract_id,version,agreed_on,effective_on,change\n"
    + "".join(f"{name},1,2026-01-01,2026-01-01,inception\n" for name in NAMES)
    + "upsell,2,2026-07-01,2026-07-01,upsell\nraised,2,2026-07-01,2026-07-01,price_change\n"
    "shifted,2,2026-07-01,2026-07-01,price_change\n",
    "contract_lines": "contract_id,version,line_id,product_id,amount,starts_on,ends_on,unit_price,ssp,discount_scope\n"
    + "".join(f"{name},1,O,meter,0.00,{YEAR},1.00,,\n" for name in ("rebate", "named", "period", "past", "early"))
    + "".join(f"{name},1,F,plan,1200.00,{YEAR},,,\n" for name in ("named", "period", "past"))
    + f"penalty,1,A,invoiced,0.00,{YEAR},,,\n"
    + f"several,1,O,meter,0.00,{YEAR},1.00,,\nseveral,1,P,meter,0.00,{YEAR},1.00,,\n"
    + f"upsell,1,F,plan,1200.00,{YEAR},,,\nupsell,2,F,plan,1200.00,{YEAR},,,\n"
    + f"upsell,2,B,plan,600.00,{HALF},,,\nupsell,2,D,less,-60.00,,,,,B\n"
    + "".join(
        f"{name},{v},{line},plan,1200.00,{YEAR},,,\n" for name in ("raised", "shifted") for v in (1, 2) for line in "AB"
    )
    + "raised,1,D,less,-120.00,,,,,A\nraised,2,D,less,-240.00,,,,,A\n"
    + "shifted,1,D,less,-120.00,,,,,A\nshifted,2,D,less,-120.00,,,,,B\n"
    + f"royalty,1,P,licence,100.00,2026-01-05,,,100.00,\nroyalty,1,S,plan,100.00,{YEAR},,100.00,\n",
    "usage": "usage_id,contract_id,line_id,used_on,quantity\n"
    + "".join(f"u-{n},{n},O,2026-03-10,1000\n" for n in ("rebate", "named", "period", "past", "early", "several")),
    "price_components": "contract_id,component_id,kind,lines,period_starts_on,period_ends_on\n"
    "rebate,c-rebate,rebate,,,\npenalty,c-penalty,penalty,,,\nnamed,c-named,variable,O,,\n"
    "period,c-period,variable,O,2026-03-01,2026-03-31\npast,c-past,past_concession,O,,\n"
    "early,c-early,rebate,,,\nseveral,c-several,variable,,,\nroyalty,c-royalty,royalty,,,\n",
    "price_estimates": "component_id,estimated_on,method,amount\n"
    "c-rebate,2026-03-31,stated,-100.00\nc-penalty,2026-01-31,stated,-9.00\nc-named,2026-03-31,stated,-100.00\n"
    "c-period,2026-03-31,stated,-10.00\nc-past,2026-04-10,stated,-10.00\nc-early,2026-01-01,stated,-100.00\n"
    "c-several,2026-03-31,stated,-100.00\nc-royalty,2026-03-31,stated,1.01\n",
    "invoices": "invoice_id,customer_id,entity_id,currency,issued_on,contract_id\n"
    "i-rebate,c1,acme,USD,2026-03-31,rebate\ni-penalty,c1,acme,USD,2026-01-31,penalty\n",
    "invoice_lines": "invoice_id,invoice_line_id,line_id,amount,starts_on,ends_on\n"
    "i-rebate,i-rebate-1,O,1000.00,,\ni-penalty,i-penalty-1,A,90.00,2026-01-01,2026-01-31\n",
    "credit_notes": "credit_note_id,invoice_id,customer_id,issued_on,reason\ncn,i-rebate,c1,2026-05-10,rebate\n",
    "credit_note_lines": "credit_note_id,credit_note_line_id,amount\ncn,cn-1,100.00\n",
}
FIXED = Decimal("1200.00")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("components")
    inputs = small_books.write(folder / "inputs", TABLES)
    pipeline.run(inputs=inputs, as_of=AS_OF, through=THROUGH, database=folder / "books.duckdb", full_refresh=True)
    return folder / "books.duckdb"


def earned(books: Path, contract: str, period: str = "2026") -> dict[str, Decimal]:
    """What each line of a contract earns in a year or a month."""
    found: dict[str, Decimal] = {}
    query = "select contract_id, line_id, accounting_period, amount from reports.recognition_by_period"
    for of_contract, line, month, amount in small_books.rows(books, query):
        if of_contract == contract and month.startswith(period):
            found[line] = found.get(line, Decimal(0)) + amount
    return {line: amount for line, amount in found.items() if amount}


def test_what_falls_on_use_is_taken_from_the_use(books: Path) -> None:
    assert earned(books, "rebate") == {"O": Decimal("900.00")}
    assert earned(books, "penalty") == {"A": Decimal("81.00")}
    assert earned(books, "named") == {"F": FIXED, "O": Decimal("900.00")}
    assert earned(books, "period", "2026-03") == {"F": Decimal("100.00"), "O": Decimal("990.00")}
    assert earned(books, "past") == {"F": FIXED, "O": Decimal("990.00")}
    assert earned(books, "past", "2026-04") == {"F": Decimal("100.00"), "O": Decimal("-10.00")}


def test_a_rebate_of_use_is_owed_until_it_is_credited(books: Path) -> None:
    query = """
        select period, refund_liability from reports.contract_balances
        where contract_id = 'rebate' and period in ('2026-02', '2026-03', '2026-04', '2026-05')
    """
    owed = {period: amount for period, amount in small_books.amounts(books, query).items() if amount}
    assert owed == {"2026-03": 100, "2026-04": 100}


def test_a_rebate_of_use_to_come_is_not_accounted_for(books: Path) -> None:
    query = "select contract_id, explanation from reports.anomaly_flags where severity = 'block' order by contract_id"
    flags = small_books.rows(books, query)
    assert [contract for contract, _ in flags] == ["early", "several"]
    assert "estimated before the first use of line O" in flags[0][1]
    assert earned(books, "early") == earned(books, "several") == {}


def test_a_discount_of_named_lines_stays_with_them(books: Path) -> None:
    assert earned(books, "upsell", "2026-07") == {"F": Decimal("100.00"), "B": Decimal("90.00")}
    assert earned(books, "raised", "2026-07") == {"A": Decimal("70.00"), "B": Decimal("100.00")}


def test_a_discount_is_on_the_lines_that_the_version_in_force_names(books: Path) -> None:
    assert earned(books, "shifted", "2026-06") == {"A": Decimal("90.00"), "B": Decimal("100.00")}
    assert earned(books, "shifted", "2026-07") == {"A": Decimal("100.00"), "B": Decimal("90.00")}


def test_no_cent_of_a_royalty_is_made_or_lost(books: Path) -> None:
    assert sum(earned(books, "royalty").values()) == Decimal("201.01")


def test_no_check_of_the_close_objects(books: Path) -> None:
    query = "select distinct rule from reports.anomaly_flags where severity = 'block'"
    assert small_books.rows(books, query) == [("contract_is_accounted_for",)]
