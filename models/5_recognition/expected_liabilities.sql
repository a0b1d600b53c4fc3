-- One row per movement of a refund liability, an amount payable to the customer or interest, against contract liability.
with folded as (
    select * from {{ ref('folded_contracts') }}
),

movements as (
    select
        folded.contract_key as group_key,
        {{ json_field(0, 'bigint') }} as on_day,
        {{ json_field(1, 'bigint') }} as source_key,
        {{ json_field(2, 'string') }} as role,
        {{ json_field(3, 'bigint') }} as credit_minor
    from {{ json_rows_join('folded', 'folded.folded', 'movements') }}
),

contracts as (
    select
        contract_key,
        contract_id
    from {{ ref('contracts') }}
    where is_folded
),

-- A liability belongs to a price component, or to a line whose prepayment goes back when the contract ends.
sources as (
    select
        contracts.contract_key,
        'price_component' as source_type,
        components.component_id as source_id,
        {{ text_key(['contracts.contract_key', 'components.component_id']) }} as source_key
    from {{ ref('input_price_components') }} as components
    inner join contracts
        on components.contract_id = contracts.contract_id
    union all
    select
        contracts.contract_key,
        'contract_line' as source_type,
        lines.line_id as source_id,
        lines.line_key as source_key
    from {{ ref('contract_terms') }} as lines
    inner join contracts
        on lines.contract_key = contracts.contract_key
)

select
    sources.contract_key,
    sources.source_key,
    sources.source_type,
    sources.source_id,
    {{ day_from_number('movements.on_day') }} as occurred_on,
    movements.role,
    cast(sum(movements.credit_minor) as {{ dbt.type_bigint() }}) as credit_minor
from movements
inner join sources
    on movements.source_key = sources.source_key
group by sources.contract_key, sources.source_key, sources.source_type, sources.source_id, movements.on_day, movements.role
having sum(movements.credit_minor) <> 0
