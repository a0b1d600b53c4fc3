"""Beacon Works: a small company with one contract of each kind that a close meets, and what it learns month by month.

Facts are rows with the moment they were recorded. `write(folder, upto)` writes the file drop as it was at that moment.
"""

from __future__ import annotations

import csv
from pathlib import Path

ENTITY, BOOK = "beacon", "ASC606"
JANUARY, FEBRUARY = "2026-02-05", "2026-03-05"

_ACCOUNTS = {
    "cash": "1000 Cash at bank",
    "accounts_receivable": "1100 Trade receivables",
    "unbilled_receivable": "1110 Unbilled receivable",
    "contract_asset": "1120 Contract asset",
    "deferred_revenue": "2000 Deferred revenue",
    "refund_liability": "2010 Refund liability",
    "customer_balance": "2020 Customer credit balance",
    "customer_deposit": "2030 Customer deposits",
    "tax_payable": "2100 Sales tax payable",
    "revenue": "4000 Revenue",
    "credit_notes": "4120 Credit notes",
    "refunds": "4130 Refunds",
    "bad_debt": "6500 Bad debt",
    "fx_gain_loss": "7000 Exchange gains and losses",
    "fx_rounding": "7010 Exchange rounding",
}

# table -> columns, then one row each; the last column of a fact is the moment it was recorded.
_TABLES: dict[str, str] = {
    "entities": """
        entity_id,entity_name,functional_currency
        beacon,Beacon Works Inc.,USD
    """,
    "customers": """
        customer_id,customer_name,entity_id,region
        c-1,Harbour Logistics,beacon,NA
        c-2,Nordlicht GmbH,beacon,EMEA
        c-3,Walk-in,beacon,NA
    """,
    "products": """
        product_id,product_name,revenue_stream,recognition_method
        platform,Platform,subscription,straight_line
        setup,Set-up,services,point_in_time
        calls,Calls,usage,usage
    """,
    "policies": """
        entity_id,book,policy,value
        beacon,ASC606,straight_line,monthly_even
    """,
    "fx_rates": """
        rate_on,from_currency,to_currency,rate
        2026-01-01,EUR,USD,1.10
        2026-01-31,EUR,USD,1.12
        2026-02-01,EUR,USD,1.12
        2026-02-20,EUR,USD,1.13
        2026-02-28,EUR,USD,1.15
        2026-03-31,EUR,USD,1.16
    """,
    "standalone_selling_prices": """
        product_id,currency,valid_from,unit,price,approved_by
        platform,USD,2026-01-01,month,100.00,pricing
        setup,USD,2026-01-01,each,600.00,pricing
        platform,EUR,2026-01-01,month,90.00,pricing
    """,
    "contracts": """
        contract_id,customer_id,entity_id,currency,signed_on,recorded_at
        K-1,c-1,beacon,USD,2026-01-01,2026-01-01
        K-2,c-2,beacon,EUR,2026-01-01,2026-01-01
    """,
    "contract_versions": """
        contract_id,version,agreed_on,effective_on,change,reason,recorded_at
        K-1,1,2026-01-01,2026-01-01,inception,,2026-01-01
        K-2,1,2026-01-01,2026-01-01,inception,,2026-01-01
        K-1,2,2026-01-20,2026-02-01,upsell,Five more seats,2026-02-18
    """,
    "contract_lines": """
        contract_id,version,line_id,product_id,quantity,amount,starts_on,ends_on,recorded_at
        K-1,1,L1,platform,10,1200.00,2026-01-01,2026-12-31,2026-01-01
        K-1,1,L2,setup,1,500.00,2026-01-15,,2026-01-01
        K-2,1,M1,platform,10,1080.00,2026-01-01,2026-12-31,2026-01-01
        K-1,2,L1,platform,10,1200.00,2026-01-01,2026-12-31,2026-02-18
        K-1,2,L2,setup,1,500.00,2026-01-15,,2026-02-18
        K-1,2,L3,platform,5,550.00,2026-02-01,2026-12-31,2026-02-18
    """,
    "invoices": """
        invoice_id,customer_id,entity_id,currency,issued_on,due_on,contract_id,recorded_at
        I-1,c-1,beacon,USD,2026-01-01,2026-01-31,K-1,2026-01-01
        I-2,c-2,beacon,EUR,2026-01-01,2026-01-31,K-2,2026-01-01
        I-3,c-3,beacon,USD,2026-01-10,2026-02-09,,2026-01-10
        I-4,c-3,beacon,USD,2026-01-25,2026-02-24,,2026-02-12
        I-5,c-1,beacon,USD,2026-02-20,2026-03-22,K-1,2026-02-20
    """,
    "invoice_lines": """
        invoice_id,invoice_line_id,contract_id,line_id,product_id,amount,tax_amount,starts_on,ends_on
        I-1,I-1-1,K-1,L1,platform,1200.00,,2026-01-01,2026-12-31
        I-1,I-1-2,K-1,L2,setup,500.00,,2026-01-15,2026-01-15
        I-2,I-2-1,K-2,M1,platform,1080.00,,2026-01-01,2026-12-31
        I-3,I-3-1,,,platform,300.00,24.00,2026-01-01,2026-03-31
        I-4,I-4-1,,,platform,120.00,9.60,2026-01-01,2026-02-28
        I-5,I-5-1,K-1,L3,platform,550.00,,2026-02-01,2026-12-31
    """,
    "credit_notes": """
        credit_note_id,invoice_id,customer_id,issued_on,reason,recorded_at
        CN-1,I-3,c-3,2026-01-30,price_change,2026-02-15
    """,
    "credit_note_lines": """
        credit_note_id,credit_note_line_id,invoice_line_id,amount,tax_amount
        CN-1,CN-1-1,I-3-1,60.00,4.80
    """,
    "payments": """
        payment_id,kind,customer_id,entity_id,invoice_id,occurred_on,currency,amount,recorded_at
        P-1,payment,c-1,beacon,I-1,2026-01-28,USD,1700.00,2026-01-28
        P-2,payment,c-2,beacon,I-2,2026-02-20,EUR,1080.00,2026-02-20
    """,
}


def write(folder: Path, upto: str, tables: dict[str, list[list[str]]] | None = None) -> Path:
    """The folder as it was at the end of a day: rows recorded later are not there yet, nor what belongs to them."""
    folder.mkdir(parents=True, exist_ok=True)
    known: dict[str, set[str]] = {}
    for table, (head, *lines) in (tables or _tables()).items():
        kept = [
            line
            for line in lines
            if (head[-1] != "recorded_at" or line[-1] <= upto)
            and (not table.endswith("_lines") or table == "contract_lines" or line[0] in known[table[:-6] + "s"])
        ]
        known[table] = {line[0] for line in kept}
        _write(folder, table, [head, *kept])
    accounts = [[role, *text.split(" ", 1)] for role, text in _ACCOUNTS.items()]
    _write(folder, "account_mappings", [["role", "account_code", "account_name"], *accounts])
    return folder


def _tables() -> dict[str, list[list[str]]]:
    return {table: [line.strip().split(",") for line in text.strip().splitlines()] for table, text in _TABLES.items()}


def _write(folder: Path, table: str, rows: list[list[str]]) -> None:
    with (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") as target:
        csv.writer(target, lineterminator="\n").writerows(rows)
