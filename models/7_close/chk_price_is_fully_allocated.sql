-- One row per contract whose allocated shares do not add up to its transaction price (invariant 19).
with shares as (
    select
        contract_key,
        cast(sum(allocated_minor) as {{ dbt.type_bigint() }}) as allocated_minor
    from {{ ref('allocations') }}
    group by contract_key
),

prices as (
    select * from {{ ref('transaction_prices') }}
),

contracts as (
    select * from {{ ref('contracts') }}
)

select
    contracts.entity_id,
    contracts.book,
    'price_is_fully_allocated' as rule,
    'block' as severity,
    contracts.inception_on as flagged_on,
    contracts.contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    contracts.contract_id as source_id,
    cast({{ to_major('prices.fixed_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as expected,
    cast({{ to_major('coalesce(shares.allocated_minor, 0)', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as actual,
    concat(
        'The lines of contract ', contracts.contract_id, ' share ',
        cast({{ to_major('coalesce(shares.allocated_minor, 0)', 'contracts.minor_units') }} as {{ dbt.type_string() }}),
        ' of a transaction price of ', cast({{ to_major('prices.fixed_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}),
        ': no line has a standalone price to share it by.'
    ) as explanation,
    contracts.recorded_at as first_seen_at
from prices
inner join contracts
    on prices.contract_key = contracts.contract_key
left join shares
    on prices.contract_key = shares.contract_key
where coalesce(shares.allocated_minor, 0) <> prices.fixed_minor
