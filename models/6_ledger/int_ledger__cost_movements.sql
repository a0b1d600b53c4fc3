-- One row per posting of an event of a capitalised cost, as the fold returned it; whoever is paid for the cost is who pays back.
with folded as (
    select * from {{ ref('folded_costs') }}
),

movements as (
    select
        folded.cost_key,
        {{ json_field(0, 'bigint') }} as event_no,
        {{ json_field(1, 'string') }} as role,
        {{ json_field(2, 'bigint') }} as amount_minor
    from {{ json_rows_join('folded', 'folded.folded', 'movements') }}
),

events as (
    select * from {{ ref('contract_cost_events') }}
)

select
    movements.cost_key,
    case events.kind
        when 'recoverable_amount' then 'cost_impairment'
        when 'clawback' then 'cost_clawback'
        else 'cost_write_off'
    end as entry_type,
    events.occurred_on as entry_on,
    movements.role,
    movements.amount_minor
from movements
inner join events
    on
        movements.cost_key = events.cost_key
        and movements.event_no = events.event_no
