-- One row per exchange difference of an entry, and per posting of a period end that the fold added: no amount in the foreign currency.
with folded as (
    select * from {{ ref('folded_currency') }}
),

extras as (
    select
        folded.contract_key,
        {{ json_field(0, 'bigint') }} as entry_no,
        {{ json_field(1, 'bigint') }} as closing_day,
        {{ json_field(2, 'string') }} as entry_type,
        {{ json_field(3, 'string') }} as role,
        {{ json_field(4, 'bigint') }} as line_key,
        {{ json_field(5, 'bigint') }} as functional_minor
    from {{ json_rows_join('folded', 'folded.folded', 'extras') }}
),

entries as (
    select distinct
        contract_key,
        entry_no,
        entry_type,
        source_type,
        source_id,
        entry_on,
        cause
    from {{ ref('int_ledger__fx_postings') }}
)

select
    extras.contract_key,
    nullif(extras.line_key, 0) as line_key,
    entries.entry_type,
    entries.source_type,
    entries.source_id,
    entries.entry_on,
    entries.cause,
    extras.role,
    extras.functional_minor
from extras
inner join entries
    on
        extras.contract_key = entries.contract_key
        and extras.entry_no = entries.entry_no
union all
select
    extras.contract_key,
    nullif(extras.line_key, 0) as line_key,
    extras.entry_type,
    case when parties.contract_id is null then 'customer' else 'contract' end as source_type,
    cast(null as {{ dbt.type_string() }}) as source_id,
    {{ day_from_number('extras.closing_day') }} as entry_on,
    case when extras.entry_type = 'reclassification' then 'presentation' else extras.entry_type end as cause,
    extras.role,
    extras.functional_minor
from extras
inner join {{ ref('posting_parties') }} as parties
    on extras.contract_key = parties.contract_key
where extras.entry_no is null
