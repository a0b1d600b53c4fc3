-- One row per entity, book and role with journal lines that are no debit, no credit or both, are negative, or name no currency (invariant 2).
with incomplete as (
    select
        entity_id,
        book,
        role,
        min(contract_id) as contract_id,
        min(entry_id) as entry_id,
        count(*) as line_count
    from {{ ref('draft_lines') }}
    where
        currency is null
        or functional_currency is null
        or debit < 0
        or credit < 0
        or functional_debit < 0
        or functional_credit < 0
        or (debit <> 0 and credit <> 0)
        or (functional_debit <> 0 and functional_credit <> 0)
        -- An exchange difference has an amount in the books only.
        or (debit = 0 and credit = 0 and functional_debit = 0 and functional_credit = 0)
    group by entity_id, book, role
)

select
    incomplete.entity_id,
    incomplete.book,
    'journal_line_is_complete' as rule,
    'block' as severity,
    entries.entry_on as flagged_on,
    incomplete.contract_id,
    incomplete.entry_id,
    concat(incomplete.entity_id, ':', incomplete.role) as source_id,
    'a debit or a credit above zero, in a currency' as expected,
    concat(cast(incomplete.line_count as {{ dbt.type_string() }}), ' lines that are none') as actual,
    concat(
        cast(incomplete.line_count as {{ dbt.type_string() }}), ' journal lines of role ', incomplete.role,
        ' are neither a debit nor a credit above zero in a currency; the first is in entry ', incomplete.entry_id, '.'
    ) as explanation,
    cast(entries.entry_on as {{ dbt.type_timestamp() }}) as first_seen_at
from incomplete
inner join {{ ref('draft_entries') }} as entries
    on incomplete.entry_id = entries.entry_id
