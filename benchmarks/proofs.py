"""What must be true of the generated company's books: each proof is a query that finds nothing."""

from __future__ import annotations

from typing import Any

# Contracts whose terms never changed: what they promise is known without the engine.
_PROMISES = """
    create temp view promised as
    select
        contracts.contract_id,
        contracts.entity_id,
        lines.line_id,
        lines.product_id,
        lines.starts_on,
        lines.ends_on,
        lines.amount_minor,
        cast(shares.amount * 100 as bigint) as allocated_minor
    from inputs.input_contracts as contracts
    inner join inputs.input_contract_lines as lines using (contract_id)
    left join reports.price_allocations as shares using (contract_id, line_id)
    where contracts.contract_id not in (select contract_id from inputs.input_contract_versions where version > 1);

    create temp view recognized as
    select contract_id, line_id, cast(sum(amount) * 100 as bigint) as recognized_minor
    from reports.recognition_by_period
    group by contract_id, line_id;
"""

PROOFS = {
    "every entry has equal debits and credits": """
        select entry_id from reports.journal_lines group by entry_id having sum(debit) <> sum(credit)
    """,
    "the trial balance balances in every period": """
        select entity_id, period from reports.trial_balance group by entity_id, period having sum(debit) <> sum(credit)
    """,
    "no contract is left out": """
        select contract_id from engine.contracts_not_accounted
    """,
    "every bill of a contract that is accounted for is booked": """
        with billed as (
            select invoice_id, cast(sum(amount_minor) as bigint) as billed_minor
            from inputs.input_invoice_lines
            where coalesce(contract_id, invoice_id) not in (select contract_id from engine.contracts_not_accounted)
            group by invoice_id
        ),

        booked as (
            select entries.source_id as invoice_id, cast(sum(lines.debit) * 100 as bigint) as booked_minor
            from reports.journal_entries as entries
            inner join reports.journal_lines as lines using (entry_id)
            where entries.entry_type = 'invoice'
            group by entries.source_id
        )

        select * from billed full join booked using (invoice_id) where billed_minor is distinct from booked_minor
    """,
    "the lines of a contract share exactly its promised price": """
        select contract_id
        from promised
        group by contract_id
        having sum(amount_minor) is distinct from sum(allocated_minor)
    """,
    "a line spread by days has earned its share of them by the last day": """
        with expected as (
            select
                *,
                greatest(least(getvariable('last_on'), ends_on) - starts_on + 1, 0) as days,
                ends_on - starts_on + 1 as term
            from promised
            where entity_id <> 'eu' and product_id not in ('SETUP', 'USAGE')
        )

        select *
        from expected
        left join recognized using (contract_id, line_id)
        where (2 * allocated_minor * days + term) // (2 * term) <> coalesce(recognized_minor, 0)
    """,
    "what is promised and used is recognized by the end of the term": """
        with used as (
            select contract_id, sum(amount_minor) as used_minor from inputs.input_usage group by contract_id
        ),

        -- The last version of a contract states all of it.
        versions as (
            select *, max(version) over (partition by contract_id) as last_version from inputs.input_contract_lines
        ),

        finished as (
            select contract_id, sum(amount_minor) as promised_minor
            from versions
            where version = last_version
            group by contract_id
            having max(ends_on) <= getvariable('last_on')
        ),

        found as (
            select contract_id, sum(recognized_minor) as recognized_minor from recognized group by contract_id
        )

        select *
        from finished
        left join used using (contract_id)
        left join found using (contract_id)
        where promised_minor + coalesce(used_minor, 0) is distinct from recognized_minor
    """,
}


def prove(database: str, last_on: str) -> dict[str, Any]:
    """Run every proof on a built file; `last_on` is the last day drafted. Returns how many rows contradict each."""
    import duckdb

    with duckdb.connect(database, read_only=True) as connection:
        connection.execute(f"set variable last_on = date '{last_on}'")
        connection.execute(_PROMISES)
        return {sentence: len(connection.execute(query).fetchall()) for sentence, query in PROOFS.items()}
