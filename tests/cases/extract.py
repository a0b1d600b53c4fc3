"""Copy the input rows of some cases into a folder of their own.

    python extract.py --cases DIR --out DIR CASE [CASE ...]

Shared rows (exchange rates, account mappings) come along. Scenarios are run on such a folder, in a fresh database.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", required=True, type=Path)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("case", nargs="+")
    options = parser.parse_args(arguments)
    tables = {}
    for path in sorted((options.cases / "inputs").glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as handle:
            reader = csv.DictReader(handle)
            tables[path.stem] = (reader.fieldnames or [], list(reader))
    wanted = set(options.case)

    def keep(table: str, column: str, values: set[str], *, empty: bool = False) -> list[dict[str, str]]:
        columns, rows = tables.get(table, ([], []))
        kept = [r for r in rows if r.get(column) in values or (empty and not r.get(column))]
        tables[table] = (columns, kept)
        return kept

    for table in ("entities", "policies", "customers", "contracts", "invoices", "payments", "manual_journals"):
        keep(table, "entity_id", wanted | ({"*"} if table == "policies" else set()))
    keep("account_mappings", "entity_id", wanted, empty=True)
    contracts = {r["contract_id"] for r in tables["contracts"][1]} if "contracts" in tables else set()
    invoices = {r["invoice_id"] for r in tables["invoices"][1]} if "invoices" in tables else set()
    customers = {r["customer_id"] for r in tables.get("customers", ([], []))[1]}
    for table in ("contract_versions", "contract_lines", "price_components", "progress", "usage", "contract_costs"):
        keep(table, "contract_id", contracts)
    keep("price_estimates", "component_id", {r["component_id"] for r in tables.get("price_components", ([], []))[1]})
    for table in ("invoice_lines", "invoice_events"):
        keep(table, "invoice_id", invoices)
    notes = {r["credit_note_id"] for r in keep("credit_notes", "customer_id", customers)}
    keep("credit_note_lines", "credit_note_id", notes)
    lines = [r for t in ("contract_lines", "invoice_lines") for r in tables.get(t, ([], []))[1]]
    products = {r["product_id"] for r in lines if r["product_id"]}
    keep("products", "product_id", products)
    keep("standalone_selling_prices", "product_id", products)
    options.out.mkdir(parents=True, exist_ok=True)
    for table, (columns, rows) in tables.items():
        if columns and rows:
            with (options.out / f"{table}.csv").open("w", newline="", encoding="utf-8") as handle:
                writer = csv.DictWriter(handle, columns, lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)


if __name__ == "__main__":
    main()
