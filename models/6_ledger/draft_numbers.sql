{{ config(
    materialized='incremental',
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('contracts_to_draft')) }}",
) }}
-- One row per journal entry to be approved that is not the first of its key, or that corrects a posted one: its number, and that entry.
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
)

select
    candidates.contract_key,
    candidates.entry_type,
    candidates.source_type,
    candidates.source_id,
    candidates.entry_on,
    candidates.accounting_period_no,
    candidates.period_no,
    candidates.cause,
    coalesce(last_numbers.last_no, 0) + candidates.place as entry_no,
    posted.entry_id as corrects_entry_id
from candidates
left join last_numbers
    on candidates.entry_key = last_numbers.entry_key
-- What is posted of the same fact and period is what a later entry corrects.
left join posted
    on
        candidates.contract_key = posted.entry_contract_key
        and candidates.entry_type = posted.entry_type
        and candidates.source_type = posted.source_type
        and coalesce(candidates.source_id, '') = coalesce(posted.target_source_id, '')
        and candidates.accounting_period_no = posted.accounting_period_no
        and posted.age = 1
where last_numbers.last_no is not null or candidates.place > 1 or posted.entry_id is not null
