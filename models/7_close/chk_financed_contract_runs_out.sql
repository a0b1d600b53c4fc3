-- One row per contract with financing, all billed, due and delivered, whose interest left a position: revenue and interest miss the cash (invariant 57).
-- A price that is in part estimated, used or invoiced is looked at by chk_financing_cancels_out alone.
with financed as (
    select distinct contract_id
    from {{ ref('input_price_components') }}
    where kind = 'financing'
),

-- An estimate is part of the price and not of the fixed amounts, billed or not. What is owed back stands by itself, and leaves no position.
estimated as (
    select distinct components.contract_id
    from {{ ref('input_price_components') }} as components
    inner join {{ ref('input_price_estimates') }} as estimates
        on components.component_id = estimates.component_id
    where components.kind not in ('rebate', 'refund_right', 'payable_to_customer')
),

contracts as (
    select contracts.*
    from {{ ref('known_contracts') }} as contracts
    inner join financed
        on contracts.contract_id = financed.contract_id
    left join estimated
        on contracts.contract_id = estimated.contract_id
    where contracts.contract_key = contracts.position_key and estimated.contract_id is null
),

promised as (
    select
        contract_key,
        sum(amount_minor) as promised_minor,
        count(case when recognition_method in ('usage', 'as_invoiced', 'on_invoice') then 1 end) as variable_count
    from {{ ref('known_contract_terms') }}
    group by contract_key
),

billed as (
    select
        contract_key,
        sum(amount_minor) as billed_minor,
        max(coalesce(due_on, booked_on)) as due_on
    from {{ ref('known_billings') }}
    where {{ period_number('booked_on') }} <= {{ through_period_no() }}
    group by contract_key
),

-- Interest accrues until the day that was agreed for a payment, whatever the day of the bill (606-10-32-15).
agreed as (
    select
        contract_id,
        max(due_on) as due_on
    from {{ ref('input_payment_schedules') }}
    group by contract_id
),

delivered as (
    select
        contract_key,
        max(recognized_to_on) as recognized_to_on
    from {{ ref('schedule_segments') }}
    group by contract_key
),

wrong as (
    select
        contracts.*,
        delivered.recognized_to_on,
        cast({{ to_major('positions.liability_minor - positions.asset_minor - positions.unbilled_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }})
            as position_left
    from contracts
    inner join promised
        on contracts.contract_key = promised.contract_key
    inner join billed
        on contracts.contract_key = billed.contract_key
    inner join delivered
        on contracts.contract_key = delivered.contract_key
    left join agreed
        on contracts.contract_id = agreed.contract_id
    inner join {{ ref('contract_positions') }} as positions
        on
            contracts.contract_key = positions.contract_key
            and positions.next_period_no is null
    where
        promised.variable_count = 0
        and billed.billed_minor = promised.promised_minor
        and greatest(delivered.recognized_to_on, coalesce(agreed.due_on, billed.due_on)) <= cast('{{ through_last_day() }}' as date)
        and positions.liability_minor - positions.asset_minor - positions.unbilled_minor <> 0
)

select
    entity_id,
    book,
    'financed_contract_runs_out' as rule,
    'block' as severity,
    recognized_to_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    contract_id as source_id,
    'revenue and interest that come to what is billed' as expected,
    position_left as actual,
    concat('Contract ', contract_id, ' is all billed and all delivered; revenue and interest leave ', position_left, ' ', currency, ' of it.')
        as explanation,
    recorded_at as first_seen_at
from wrong
