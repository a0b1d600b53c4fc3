{{ config(
    materialized='incremental',
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('changed_contracts')) }}",
) }}
-- One row per contract opened from an earlier system and document of the time before: it is inside the opening balance, not beside it.
select distinct
    contract_key,
    source_type,
    source_id
from {{ ref('int_ledger__replaced') }}
where source_id is not null
