-- One row per contract version and obligation of a contract with a history: its price, what was recognised before, its treatment.
with folded as (
    select * from {{ ref('folded_contracts') }}
),

promises as (
    select
        {{ json_field(0, 'bigint') }} as contract_key,
        {{ json_field(1, 'bigint') }} as version,
        {{ json_field(2, 'bigint') }} as obligation_key,
        {{ json_field(3, 'bigint') }} as allocated_minor,
        {{ json_field(4, 'bigint') }} as recognized_before_minor,
        {{ json_field(5, 'string') }} as treatment
    from {{ json_rows_join('folded', 'folded.folded', 'promises') }}
)

select * from promises
