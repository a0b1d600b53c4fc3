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

ranked as (
    select
        keys.contract_key,
        keys.source_type,
        keys.entry_key,
        keys.period_no,
        keys.accounting_period_no,
        keys.entry_on,
        keys.cause,
        row_number() over (
            partition by keys.entry_key
            order by keys.period_no, keys.accounting_period_no, keys.entry_on, keys.cause
        ) as place
    from {{ ref('int_ledger__draft_keys') }} as keys
    inner join to_draft
        on keys.contract_key = to_draft.contract_key
    inner join shared
        on {{ row_fingerprint(['keys.entry_key']) }} = shared.print
)

select
    keys.contract_key,
    keys.entry_type,
    keys.source_type,
    keys.source_id,
    keys.entry_on,
    keys.accounting_period_no,
    keys.period_no,
    keys.cause,
    coalesce(last_numbers.last_no, 0) + coalesce(ranked.place, 1) as entry_no,
    posted.entry_id as corrects_entry_id
from {{ ref('int_ledger__draft_keys') }} as keys
inner join to_draft
    on keys.contract_key = to_draft.contract_key
left join ranked
    on
        keys.entry_key = ranked.entry_key
        and keys.period_no = ranked.period_no
        and keys.accounting_period_no = ranked.accounting_period_no
        and keys.entry_on = ranked.entry_on
        and keys.cause = ranked.cause
left join last_numbers
    on keys.entry_key = last_numbers.entry_key
-- What is posted of the same fact and period is what a later entry corrects.
left join posted
    on
        keys.contract_key = posted.entry_contract_key
        and keys.entry_type = posted.entry_type
        and keys.source_type = posted.source_type
        and coalesce(keys.source_id, '') = coalesce(posted.target_source_id, '')
        and keys.accounting_period_no = posted.accounting_period_no
        and posted.age = 1
where last_numbers.last_no is not null or ranked.place > 1 or posted.entry_id is not null
