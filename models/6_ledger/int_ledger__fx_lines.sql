-- One row per line of a contract in a foreign currency: what it bills, what it earns, and the day from which it is earned in full.
with foreign_contracts as (
    select * from {{ ref('foreign_contracts') }}
),

terms as (
    select terms.*
    from {{ ref('contract_terms') }} as terms
    inner join foreign_contracts
        on terms.contract_key = foreign_contracts.contract_key
),

prices as (
    select
        line_key,
        obligation_key,
        cast(sum(allocated_minor) as {{ dbt.type_bigint() }}) as allocated_minor
    from {{ ref('allocations') }}
    group by line_key, obligation_key
),

obligations as (
    select
        obligation_key,
        sum(allocated_minor) as allocated_minor
    from prices
    group by obligation_key
),

schedules as (
    select
        obligation_key,
        sum(schedule_minor) as schedule_minor,
        max(recognized_to_on) as earned_on
    from {{ ref('schedule_segments') }}
    group by obligation_key
)

select
    terms.contract_key,
    terms.line_key,
    terms.line_no,
    case when terms.recognition_method not in ('usage', 'as_invoiced', 'on_invoice') then terms.amount_minor end as billed_minor,
    case when terms.recognition_method not in ('usage', 'as_invoiced', 'on_invoice') then coalesce(prices.allocated_minor, 0) end as allocated_minor,
    case
        when coalesce(obligations.allocated_minor, 0) = coalesce(schedules.schedule_minor, 0)
            then coalesce(schedules.earned_on, cast('1970-01-01' as date))
    end as earned_on
from terms
left join prices
    on terms.line_key = prices.line_key
left join obligations
    on prices.obligation_key = obligations.obligation_key
left join schedules
    on prices.obligation_key = schedules.obligation_key
