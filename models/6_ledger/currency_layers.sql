{{ config(
    materialized='incremental',
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('changed_contracts')) }}",
) }}
-- One row per layer of contract liability in a foreign currency that still stands, and per line earned ahead of it (without a day).
with folded as (
    select * from {{ ref('folded_currency') }}
),

layers as (
    select
        folded.contract_key,
        {{ json_field(0, 'bigint') }} as line_key,
        {{ json_field(1, 'bigint') }} as arose_day,
        {{ json_field(2, 'bigint') }} as amount_minor,
        {{ json_field(3, 'bigint') }} as functional_minor,
        {{ json_field(4, 'bigint') }} as left_minor,
        {{ json_field(5, 'bigint') }} as functional_left_minor
    from {{ json_rows_join('folded', 'folded.folded', 'layers') }}
)

select
    contract_key,
    row_number() over (
        partition by contract_key order by coalesce(arose_day, -1), line_key, amount_minor, functional_minor, left_minor
    ) as layer_no,
    nullif(line_key, 0) as line_key,
    {{ day_from_number('arose_day') }} as arose_on,
    amount_minor,
    functional_minor,
    left_minor,
    functional_left_minor
from layers
