-- One row per entity, book and role with lines to be approved that are neither a debit nor a credit, or name no currency (invariant 2).
with incomplete as (
    select
        entity_id,
        book,
        role,
        min(contract_id) as contract_id,
        min(entry_on) as entry_on,
        count(*) as line_count
    from {{ ref('draft_amounts') }}
    where
        currency is null
        or functional_currency is null
        -- An exchange difference has an amount in the books only.
        or (amount_minor = 0 and functional_minor = 0)
    group by entity_id, book, role
)

select
    entity_id,
    book,
    'journal_line_is_complete' as rule,
    'block' as severity,
    entry_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(entity_id, ':', role) as source_id,
    'a debit or a credit above zero, in a currency' as expected,
    concat(cast(line_count as {{ dbt.type_string() }}), ' lines that are none') as actual,
    concat(
        cast(line_count as {{ dbt.type_string() }}), ' journal lines of role ', role,
        ' are neither a debit nor a credit above zero in a currency; the first is of contract ', contract_id, '.'
    ) as explanation,
    cast(entry_on as {{ dbt.type_timestamp() }}) as first_seen_at
from incomplete
