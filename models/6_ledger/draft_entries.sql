{{ config(materialized='view') }}
-- One row per journal entry to be approved: the periods it belongs to and is booked in, its source, and a hash of its content.
select
    keys.entity_id,
    keys.book,
    coalesce(numbers.entry_id, keys.entry_key) as entry_id,
    keys.entry_key,
    coalesce(numbers.entry_no, 1) as entry_no,
    keys.entry_on,
    keys.period_no,
    keys.accounting_period_no,
    keys.entry_type,
    keys.cause,
    keys.source_type,
    keys.source_id,
    keys.contract_id,
    keys.customer_id,
    keys.period as accounting_period,
    keys.debit_minor,
    keys.functional_debit_minor,
    keys.imbalance_minor,
    keys.functional_imbalance_minor,
    {%- set parts = ['keys.entry_key', 'keys.cause'] -%}
    {%- for column in ['entry_on', 'period_no', 'accounting_period_no', 'debit_minor', 'amount_checksum', 'account_checksum'] -%}
        {%- do parts.append('cast(keys.' ~ column ~ ' as ' ~ dbt.type_string() ~ ')') -%}
    {%- endfor %}
    {{ dbt.hash('concat(' ~ parts | join(", '|', ") ~ ')') }} as content_hash,
    numbers.corrects_entry_id,
    keys.prepared_by,
    keys.contract_key
from {{ ref('int_ledger__draft_keys') }} as keys
left join {{ ref('draft_numbers') }} as numbers
    on {{ same_draft('keys.contract_key', 'keys', 'numbers') }}
