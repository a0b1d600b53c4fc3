-- One row per journal entry to be approved whose debits differ from its credits (invariant 1). A posted one was such an entry, and is untouched.
with unbalanced as (
    select
        entries.*,
        case when entries.imbalance_minor <> 0 then entries.debit_minor else entries.functional_debit_minor end as shown_debit_minor,
        case when entries.imbalance_minor <> 0 then entries.imbalance_minor else entries.functional_imbalance_minor end as shown_imbalance_minor,
        case when entries.imbalance_minor <> 0 then parties.minor_units else parties.functional_minor_units end as shown_units,
        case when entries.imbalance_minor <> 0 then parties.currency else parties.functional_currency end as shown_currency
    from {{ ref('draft_entries') }} as entries
    inner join {{ ref('posting_parties') }} as parties
        on entries.contract_key = parties.contract_key
    where entries.imbalance_minor <> 0 or entries.functional_imbalance_minor <> 0
),

shown as (
    select
        unbalanced.*,
        cast({{ to_major('shown_debit_minor', 'shown_units') }} as {{ dbt.type_string() }}) as debit,
        cast({{ to_major('shown_debit_minor - shown_imbalance_minor', 'shown_units') }} as {{ dbt.type_string() }}) as credit
    from unbalanced
)

select
    entity_id,
    book,
    'entry_balances' as rule,
    'block' as severity,
    entry_on as flagged_on,
    contract_id,
    entry_id,
    entry_id as source_id,
    debit as expected,
    credit as actual,
    concat('Entry ', entry_id, ' debits ', debit, ' and credits ', credit, ' ', shown_currency, '.') as explanation,
    cast(entry_on as {{ dbt.type_timestamp() }}) as first_seen_at
from shown
