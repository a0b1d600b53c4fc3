-- One row per journal entry to be approved whose debits differ from its credits (invariant 1). A posted one was such an entry, and is untouched.
with unbalanced as (
    select
        entry_contract_key,
        period_no,
        accounting_period_no,
        entry_on,
        entry_type,
        source_type,
        source_id,
        cause
    from {{ ref('draft_postings') }}
    group by entry_contract_key, period_no, accounting_period_no, entry_on, entry_type, source_type, source_id, cause
    having sum(amount_minor) <> 0 or sum(functional_minor) <> 0
),

entries as (
    select entries.*
    from {{ ref('draft_entries') }} as entries
    inner join unbalanced
        on
            entries.contract_key = unbalanced.entry_contract_key
            and entries.period_no = unbalanced.period_no
            and entries.accounting_period_no = unbalanced.accounting_period_no
            and entries.entry_on = unbalanced.entry_on
            and entries.entry_type = unbalanced.entry_type
            and entries.source_type = unbalanced.source_type
            and coalesce(entries.source_id, '') = coalesce(unbalanced.source_id, '')
            and entries.cause = unbalanced.cause
),

-- Most books have none: then no line is read.
lines as (
    select
        entries.entity_id,
        entries.book,
        entries.entry_id,
        entries.entry_on,
        min(lines.contract_id) as contract_id,
        sum(lines.debit) as debit,
        sum(lines.credit) as credit,
        sum(lines.functional_debit) as functional_debit,
        sum(lines.functional_credit) as functional_credit
    from entries
    inner join {{ ref('draft_lines') }} as lines
        on entries.entry_id = lines.entry_id
    group by entries.entity_id, entries.book, entries.entry_id, entries.entry_on
)

select
    lines.entity_id,
    lines.book,
    'entry_balances' as rule,
    'block' as severity,
    lines.entry_on as flagged_on,
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
    cast(lines.entry_on as {{ dbt.type_timestamp() }}) as first_seen_at
from lines
