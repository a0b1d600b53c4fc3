-- What is left of a price after its term would stand on the balance sheet for ever.
with revenue as (
    select
        line_key,
        sum(amount_minor) as recognized_minor
    from {{ ref('revenue_by_period') }}
    group by line_key
),

terms as (
    select
        schedule_key,
        max(recognized_to_on) as recognized_to_on
    from {{ ref('schedule_segments') }}
    group by schedule_key
),

-- Lines that cancel each other out have no schedule to share: the obligation earns nothing, line by line.
shares as (
    select * from {{ ref('line_shares') }}
    where whole_minor <> 0
)

-- What a credit note, a void or a write-off took from the price of an invoice is the fold's to answer for.
select
    allocations.contract_key,
    allocations.line_key,
    allocations.allocated_minor,
    coalesce(revenue.recognized_minor, 0) as recognized_minor
from {{ ref('allocations') }} as allocations
inner join {{ ref('obligations') }} as obligations
    on allocations.obligation_key = obligations.obligation_key
inner join terms
    on allocations.obligation_key = terms.schedule_key
inner join shares
    on allocations.line_key = shares.line_key
left join revenue
    on allocations.line_key = revenue.line_key
left join (select distinct contract_key from {{ ref('invoice_only_events') }}) as sequenced
    on allocations.contract_key = sequenced.contract_key
where
    sequenced.contract_key is null
    and obligations.recognition_method = 'straight_line'
    and terms.recognized_to_on <= cast('{{ through_last_day() }}' as date)
    and coalesce(revenue.recognized_minor, 0) <> allocations.allocated_minor
