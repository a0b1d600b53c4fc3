-- One row per entity, book and role with lines to be approved that are neither a debit nor a credit, or name no currency (invariant 2).
with incomplete as (
    select
        entity_id,
        book,
        role,
        contract_id,
        entry_id,
        entry_on,
        count(*) over (partition by entity_id, book, role) as line_count,
        row_number() over (partition by entity_id, book, role order by entry_on, entry_id, line_no) as place
    from {{ ref('draft_lines') }}
    where
        currency is null
        or functional_currency is null
        -- An exchange difference has an amount in the books only.
        or (amount_minor = 0 and functional_minor = 0)
)

select
    entity_id,
    book,
    'journal_line_is_complete' as rule,
    'block' as severity,
    entry_on as flagged_on,
    contract_id,
    entry_id,
    concat(entity_id, ':', role) as source_id,
    'a debit or a credit above zero, in a currency' as expected,
    concat(cast(line_count as {{ dbt.type_string() }}), ' lines that are none') as actual,
    concat(
        cast(line_count as {{ dbt.type_string() }}), ' journal lines of role ', role,
        ' are neither a debit nor a credit above zero in a currency; the first is of entry ', entry_id, '.'
    ) as explanation,
    cast(entry_on as {{ dbt.type_timestamp() }}) as first_seen_at
from incomplete
where place = 1
