{{ config(
    materialized='incremental',
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('contracts_to_draft')) }}",
) }}
-- One row per journal entry to be approved that is not the first of its key, or that corrects a posted one: its number, its id, and that entry.
with to_draft as (
    select contract_key from {{ ref('contracts_to_draft') }}
),

posted as (
    select
        posted.*,
        row_number() over (
            partition by posted.entry_contract_key, posted.entry_type, posted.source_type, posted.target_source_id, posted.accounting_period_no
            order by posted.posted_at desc, posted.entry_no desc, posted.entry_id
        ) as age
    from {{ ref('posted_entries') }} as posted
    inner join to_draft
        on posted.entry_contract_key = to_draft.contract_key
),

last_numbers as (
    select
        entry_key,
        max(entry_no) as last_no
    from posted
    group by entry_key
),

-- Few facts have several entries of one period: what is booked later, or for another cause. Found by a number, for a text takes a multiple of it.
shared as (
    select {{ row_fingerprint(['keys.entry_key']) }} as print
    from {{ ref('int_ledger__draft_keys') }} as keys
    inner join to_draft
        on keys.contract_key = to_draft.contract_key
    group by {{ row_fingerprint(['keys.entry_key']) }}
    having count(*) > 1
),

-- With every entry of a key that has several.
candidates as (
    select
        keys.*,
        row_number() over (
            partition by keys.entry_key
            order by keys.period_no, keys.accounting_period_no, keys.entry_on, keys.cause
        ) as place
    from {{ ref('int_ledger__draft_keys') }} as keys
    inner join to_draft
        on keys.contract_key = to_draft.contract_key
    left join shared
        on {{ row_fingerprint(['keys.entry_key']) }} = shared.print
    left join (select distinct entry_contract_key from posted) as posted_contracts
        on keys.contract_key = posted_contracts.entry_contract_key
    where shared.print is not null or posted_contracts.entry_contract_key is not null
),

numbered as (
    select
        candidates.*,
        coalesce(last_numbers.last_no, 0) + candidates.place as entry_no
    from candidates
    left join last_numbers
        on candidates.entry_key = last_numbers.entry_key
)

select
    numbered.contract_key,
    numbered.entry_type,
    numbered.source_type,
    numbered.source_id,
    numbered.entry_on,
    numbered.accounting_period_no,
    numbered.period_no,
    numbered.cause,
    numbered.entry_no,
    case
        when numbered.entry_no = 1 then numbered.entry_key
        else concat(numbered.entry_key, '~', cast(numbered.entry_no as {{ dbt.type_string() }}))
    end as entry_id,
    posted.entry_id as corrects_entry_id
from numbered
-- What is posted of the same fact and period is what a later entry corrects.
left join posted
    on
        {{ same_fact('posted', 'numbered', 'contract_key') }}
        and posted.age = 1
where numbered.entry_no > 1 or posted.entry_id is not null
