-- One row per journal entry whose debits differ from its credits (invariant 1).
with lines as (
    select
        entity_id,
        book,
        entry_id,
        min(contract_id) as contract_id,
        sum(debit) as debit,
        sum(credit) as credit,
        sum(functional_debit) as functional_debit,
        sum(functional_credit) as functional_credit
    from {{ ref('draft_lines') }}
    group by entity_id, book, entry_id
),

entries as (
    select
        entry_id,
        entry_on
    from {{ ref('draft_entries') }}
)

select
    lines.entity_id,
    lines.book,
    'entry_balances' as rule,
    'block' as severity,
    entries.entry_on as flagged_on,
    lines.contract_id,
    lines.entry_id,
    lines.entry_id as source_id,
    cast(case when lines.debit <> lines.credit then lines.debit else lines.functional_debit end as {{ dbt.type_string() }}) as expected,
    cast(case when lines.debit <> lines.credit then lines.credit else lines.functional_credit end as {{ dbt.type_string() }}) as actual,
    concat(
        'Entry ', lines.entry_id, ' debits ', cast(lines.debit as {{ dbt.type_string() }}), ' and credits ',
        cast(lines.credit as {{ dbt.type_string() }}), ', in the books ', cast(lines.functional_debit as {{ dbt.type_string() }}), ' and ',
        cast(lines.functional_credit as {{ dbt.type_string() }}), '.'
    ) as explanation,
    cast(entries.entry_on as {{ dbt.type_timestamp() }}) as first_seen_at
from lines
inner join entries
    on lines.entry_id = entries.entry_id
where lines.debit <> lines.credit or lines.functional_debit <> lines.functional_credit
