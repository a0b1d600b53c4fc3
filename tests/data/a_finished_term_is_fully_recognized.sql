-- What is left of a price after its term would stand on the balance sheet for ever.
with revenue as (
    select
        line_key,
        sum(amount_minor) as recognized_minor
    from {{ ref('revenue_by_period') }}
    group by line_key
),

-- A credit note, void or write-off takes from the price of an invoice; the rest of its schedule is held to the slices below.
terms as (
    select
        contract_key,
        obligation_key,
        max(recognized_to_on) as recognized_to_on,
        max(case when slice_to_on < schedule_to_on then 1 else 0 end) as was_cut
    from {{ ref('schedule_segments') }}
    group by contract_key, obligation_key
)

select
    allocations.contract_key,
    allocations.line_key,
    allocations.allocated_minor,
    coalesce(revenue.recognized_minor, 0) as recognized_minor
from {{ ref('allocations') }} as allocations
inner join {{ ref('obligations') }} as obligations
    on allocations.obligation_key = obligations.obligation_key
inner join terms
    on allocations.obligation_key = terms.obligation_key
left join revenue
    on allocations.line_key = revenue.line_key
left join (select distinct contract_key from {{ ref('contract_events') }}) as sequenced
    on allocations.contract_key = sequenced.contract_key
where
    sequenced.contract_key is null
    and obligations.recognition_method = 'straight_line'
    and terms.recognized_to_on <= cast('{{ through_last_day() }}' as date)
    and coalesce(revenue.recognized_minor, 0) <> allocations.allocated_minor
