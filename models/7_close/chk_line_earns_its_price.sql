-- One row per line that has earned more than its price, or has ended without earning all of it (invariants 33, 34, 40).
with contracts as (
    select * from {{ ref('contracts') }}
),

versions as (
    select
        contract_key,
        version,
        row_number() over (partition by contract_key order by effective_on desc, agreed_on desc, version desc) as recency
    from {{ ref('contract_versions') }}
),

prices as (
    select
        line_key,
        allocated_minor as price_minor,
        1 as is_fixed
    from {{ ref('allocations') }}
    where not is_variable
    union all
    select
        changes.line_key,
        sum(changes.allocated_minor) as price_minor,
        0 as is_fixed
    from {{ ref('price_changes') }} as changes
    inner join versions
        on
            changes.contract_key = versions.contract_key
            and changes.version = versions.version
            and versions.recency = 1
    group by changes.line_key
),

earned as (
    select revenue.line_key, sum(revenue.amount_minor) as earned_minor
    from {{ ref('revenue_by_period') }} as revenue
    inner join contracts on revenue.contract_key = contracts.contract_key
    group by revenue.line_key
),

schedules as (
    select
        shares.line_key,
        max(segments.recognized_to_on) as recognized_to_on,
        max(case when segments.cause in ('modification', 'price_change') then segments.recognized_to_on end) as changes_to_on,
        max(abs(shares.whole_minor)) as whole_minor
    from {{ ref('line_shares') }} as shares
    inner join contracts on shares.contract_key = contracts.contract_key
    left join {{ ref('schedule_segments') }} as segments
        on shares.schedule_key = segments.schedule_key
    group by shares.line_key
),

-- What a credit note, a void or a write-off took from the price of an invoice is the fold's to answer for.
sequenced as (
    select distinct contract_key
    from {{ ref('invoice_only_events') }}
),

compared as (
    select
        contracts.*,
        terms.line_id,
        cast(prices.price_minor as {{ dbt.type_bigint() }}) as price_minor,
        cast(coalesce(earned.earned_minor, 0) as {{ dbt.type_bigint() }}) as earned_minor,
        case when prices.price_minor < 0 then -1 else 1 end as sign,
        prices.is_fixed,
        sequenced.contract_key is not null as is_sequenced,
        -- Lines that cancel each other out have no schedule to share.
        coalesce(schedules.whole_minor, 1) <> 0 as has_price,
        coalesce(schedules.changes_to_on, cast('1900-01-01' as date)) as changes_to_on,
        case
            when terms.recognition_method = 'straight_line' then coalesce(schedules.recognized_to_on, terms.ends_on)
            when terms.recognition_method = 'units' then terms.expires_on
            when terms.recognition_method in ('usage', 'on_invoice') then greatest(contracts.inception_on, coalesce(terms.ends_on, terms.satisfied_on))
        end as ended_on
    from prices
    inner join {{ ref('contract_terms') }} as terms
        on prices.line_key = terms.line_key and (prices.is_fixed = 1 or terms.recognition_method not in ('usage', 'as_invoiced', 'on_invoice'))
    inner join contracts
        on terms.contract_key = contracts.contract_key
    left join earned
        on prices.line_key = earned.line_key
    left join schedules
        on prices.line_key = schedules.line_key
    left join sequenced
        on terms.contract_key = sequenced.contract_key
),

wrong as (
    select
        compared.*,
        cast({{ to_major('price_minor') }} as {{ dbt.type_string() }}) as price,
        cast({{ to_major('earned_minor') }} as {{ dbt.type_string() }}) as earned,
        case when earned_minor * sign > price_minor * sign then 'has earned more' else 'has not earned it' end as fault
    from compared
    where
        -- A price that falls later is caught up later.
        (earned_minor * sign > price_minor * sign and changes_to_on <= cast('{{ through_last_day() }}' as date))
        -- A concession for the past takes back at once, also before anything is earned.
        or (earned_minor * sign < 0 and is_fixed = 1)
        or (has_price and not is_sequenced and earned_minor <> price_minor and ended_on <= cast('{{ through_last_day() }}' as date))
)

select
    entity_id,
    book,
    'line_earns_its_price' as rule,
    'block' as severity,
    coalesce(ended_on, inception_on) as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(contract_id, ':', line_id) as source_id,
    price as expected,
    earned as actual,
    concat('Line ', line_id, ' of contract ', contract_id, ' has a price of ', price, ' ', currency, ' and earned ', earned, ': it ', fault, '.')
        as explanation,
    recorded_at as first_seen_at
from wrong
