-- One row per line whose accepted revenue before its opening balance is not what its terms give: the difference is caught up in the first period.
with lines as (
    select * from {{ ref('opening_lines') }}
    where not is_priced_by_facts
),

caught_up as (
    select
        revenue.line_key,
        sum(revenue.amount_minor) as amount_minor
    from {{ ref('revenue_by_period') }} as revenue
    inner join lines
        on
            revenue.line_key = lines.line_key
            and revenue.period_no = lines.period_no
    where revenue.cause = 'opening_balance'
    group by revenue.line_key
),

shown as (
    select
        contracts.*,
        lines.line_id,
        lines.starts_on,
        concat(
            cast({{ to_major('lines.recognized_minor + caught_up.amount_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}), ' ',
            contracts.currency
        ) as by_terms,
        concat(cast({{ to_major('lines.recognized_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}), ' ', contracts.currency) as accepted,
        concat(cast({{ to_major('caught_up.amount_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}), ' ', contracts.currency) as difference
    from caught_up
    inner join lines
        on caught_up.line_key = lines.line_key
    inner join {{ ref('contracts') }} as contracts
        on lines.contract_key = contracts.contract_key
)

select
    entity_id,
    book,
    'opening_revenue_follows_the_terms' as rule,
    'review' as severity,
    starts_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(contract_id, ':', line_id) as source_id,
    by_terms as expected,
    accepted as actual,
    concat(
        'Line ', line_id, ' of contract ', contract_id, ' was recognised at ', accepted, ' before ', cast(starts_on as {{ dbt.type_string() }}),
        '; its terms give ', by_terms, '. The difference of ', difference, ' is revenue of that period: confirm it, or correct the terms.'
    ) as explanation,
    recorded_at as first_seen_at
from shown
