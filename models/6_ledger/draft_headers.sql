{{ config(
    materialized='incremental',
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('contracts_to_draft')) }}",
) }}
-- One row per journal entry to be approved: its sums, and checksums of all its lines. What it is called is said where it is read (draft_entries).
select
    amounts.entry_contract_key as contract_key,
    amounts.entry_type,
    amounts.source_type,
    amounts.source_id,
    amounts.entry_on,
    amounts.accounting_period_no,
    amounts.period_no,
    amounts.cause,
    cast(sum(case when amounts.amount_minor > 0 then amounts.amount_minor else 0 end) as {{ dbt.type_bigint() }}) as debit_minor,
    cast(sum(case when amounts.functional_minor > 0 then amounts.functional_minor else 0 end) as {{ dbt.type_bigint() }}) as functional_debit_minor,
    -- Debits less credits.
    cast(sum(amounts.amount_minor) as {{ dbt.type_bigint() }}) as imbalance_minor,
    cast(sum(amounts.functional_minor) as {{ dbt.type_bigint() }}) as functional_imbalance_minor,
    -- Any change of an amount, a role, a line or an account changes a sum.
    sum(cast(
        amounts.amount_minor + 31 * (amounts.functional_minor - amounts.amount_minor) as {{ wide_int() }}
    ) * (amounts.role_no * 1000003 + amounts.contract_line_no)) as amount_checksum,
    sum(cast(amounts.account_key as {{ wide_int() }}) * (amounts.role_no + amounts.contract_line_no)) as account_checksum,
    {{ text_literal(var('actor')) }} as prepared_by
from {{ ref('draft_amounts') }} as amounts
inner join {{ ref('contracts_to_draft') }} as to_draft
    on amounts.entry_contract_key = to_draft.contract_key
group by
    amounts.entry_contract_key, amounts.entry_type, amounts.source_type, amounts.source_id, amounts.entry_on,
    amounts.accounting_period_no, amounts.period_no, amounts.cause
