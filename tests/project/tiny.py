"""The smallest books that have revenue: a year of service for 1,200.00, invoiced in January 2026."""

from __future__ import annotations

from pathlib import Path

from orchestration.pipeline import RunSummary

TinyBooks = tuple[Path, RunSummary]
AS_OF, THROUGH = "2026-03-31", "2026-03"

_FILES = {
    "entities": "entity_id,entity_name,functional_currency\nacme,Acme Inc.,USD\n",
    "customers": "customer_id,customer_name,entity_id\nc1,Customer,acme\n",
    "products": "product_id,product_name,recognition_method\nplan,Plan,straight_line\n",
    "account_mappings": "role,account_code,account_name\n"
    "accounts_receivable,1200,Receivables\ndeferred_revenue,2400,Deferred revenue\nrevenue,4000,Revenue\n",
    "invoices": "invoice_id,customer_id,entity_id,currency,issued_on\n"
    "i1,c1,acme,USD,2026-01-01\ni2,c1,acme,USD,2026-01-01\n",
    # The second line has more digits than its currency: it is rejected, and its invoice held back.
    "invoice_lines": "invoice_id,invoice_line_id,product_id,amount,starts_on,ends_on\n"
    "i1,l1,plan,1200.00,2026-01-01,2026-12-31\ni2,l2,plan,0.005,2026-01-01,2026-01-31\n",
}
ROWS = sum(text.count("\n") - 1 for text in _FILES.values())


def write_inputs(folder: Path) -> Path:
    """The file drop, in a new folder."""
    folder.mkdir()
    for name, text in _FILES.items():
        (folder / f"{name}.csv").write_text(text)
    return folder
