-- Without a signed contract there is no revenue, whatever was delivered or paid (606-10-25-1 to 25-8).
select
    contracts.contract_id,
    contracts.signed_on,
    min(segments.recognized_from_on) as recognized_from_on
from {{ ref('schedule_segments') }} as segments
inner join {{ ref('contracts') }} as contracts
    on segments.contract_key = contracts.contract_key
where not contracts.is_invoice_only and coalesce(segments.recognized_from_on < contracts.signed_on, true)
group by contracts.contract_id, contracts.signed_on
union all
select
    contracts.contract_id,
    contracts.signed_on,
    min(periods.starts_on) as recognized_from_on
from {{ ref('revenue_by_period') }} as revenue
inner join {{ ref('contracts') }} as contracts
    on revenue.contract_key = contracts.contract_key
inner join {{ ref('fiscal_periods') }} as periods
    on
        revenue.period_no = periods.period_no
        and contracts.calendar = periods.calendar
where not contracts.is_invoice_only and coalesce(periods.ends_on < contracts.signed_on, true)
group by contracts.contract_id, contracts.signed_on
