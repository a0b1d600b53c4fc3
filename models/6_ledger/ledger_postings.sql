{{ config(materialized='view') }}
-- One row per contract, entry, line and role: the target of every posting up to the last period, debits positive.
select
    contract_key,
    line_key,
    entry_type,
    source_type,
    source_id,
    entry_on,
    {{ period_number('entry_on') }} as period_no,
    cause,
    role,
    contract_key as entry_contract_key,
    amount_minor
from {{ ref('int_ledger__revenue') }}
where entry_type = 'revenue'
union all
select * from {{ ref('int_ledger__other_postings') }}
