-- One row per contract version, line and price component of a contract with a history: its share of the transaction price.
with folded as (
    select * from {{ ref('folded_contracts') }}
),

prices as (
    select
        {{ json_field(0, 'bigint') }} as contract_key,
        {{ json_field(1, 'bigint') }} as version,
        {{ json_field(2, 'bigint') }} as line_key,
        {{ json_field(3, 'bigint') }} as component_key,
        {{ json_field(4, 'bigint') }} as ssp_minor,
        {{ json_field(5, 'bigint') }} as weight,
        {{ json_field(6, 'bigint') }} as allocated_minor,
        {{ json_field(7, 'string') }} as basis
    from {{ json_rows_join('folded', 'folded.folded', 'prices') }}
)

select * from prices
