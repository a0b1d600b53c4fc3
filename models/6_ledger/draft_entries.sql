{{ config(
    materialized='incremental',
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('contracts_to_draft')) }}",
) }}
-- One row per journal entry to be approved: the periods it belongs to and is booked in, its source, and a hash of its content.
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

identified as (
    select * from {{ ref('int_ledger__draft_headers') }}
),

-- Few facts have several entries of one period: what is booked later, or for another cause.
shared as (
    select entry_key
    from identified
    group by entry_key
    having count(*) > 1
),

ranked as (
    select
        identified.entry_key,
        identified.period_no,
        identified.accounting_period_no,
        identified.entry_on,
        identified.cause,
        row_number() over (
            partition by identified.entry_key
            order by identified.period_no, identified.accounting_period_no, identified.entry_on, identified.cause
        ) as place
    from identified
    inner join shared
        on identified.entry_key = shared.entry_key
),

numbered as (
    select
        identified.*,
        coalesce(last_numbers.last_no, 0) + coalesce(ranked.place, 1) as entry_no
    from identified
    left join ranked
        on
            identified.entry_key = ranked.entry_key
            and identified.period_no = ranked.period_no
            and identified.accounting_period_no = ranked.accounting_period_no
            and identified.entry_on = ranked.entry_on
            and identified.cause = ranked.cause
    left join last_numbers
        on identified.entry_key = last_numbers.entry_key
)

select
    numbered.entity_id,
    numbered.book,
    case
        when numbered.entry_no = 1 then numbered.entry_key
        else concat(numbered.entry_key, '~', cast(numbered.entry_no as {{ dbt.type_string() }}))
    end as entry_id,
    numbered.entry_key,
    numbered.entry_no,
    numbered.entry_on,
    numbered.period_no,
    numbered.accounting_period_no,
    numbered.entry_type,
    numbered.cause,
    numbered.source_type,
    numbered.source_id,
    numbered.contract_id,
    numbered.customer_id,
    numbered.period as accounting_period,
    numbered.debit_minor,
    numbered.functional_debit_minor,
    numbered.imbalance_minor,
    numbered.functional_imbalance_minor,
    {%- set numbers = [] -%}
    {%- for column in ['entry_on', 'period_no', 'accounting_period_no', 'debit_minor', 'amount_checksum', 'account_checksum'] -%}
        {%- do numbers.append('cast(numbered.' ~ column ~ ' as ' ~ dbt.type_string() ~ ')') -%}
    {%- endfor %}
    {{ dbt.hash("concat(numbered.entry_key, '|', numbered.cause, '|', " ~ numbers | join(", '|', ") ~ ')') }} as content_hash,
    posted.entry_id as corrects_entry_id,
    {{ text_literal(var('actor')) }} as prepared_by,
    numbered.contract_key
from numbered
-- What is posted of the same fact and period is what a later entry corrects.
left join posted
    on
        numbered.contract_key = posted.entry_contract_key
        and numbered.entry_type = posted.entry_type
        and numbered.source_type = posted.source_type
        and coalesce(numbered.source_id, '') = coalesce(posted.target_source_id, '')
        and numbered.accounting_period_no = posted.accounting_period_no
        and posted.age = 1
