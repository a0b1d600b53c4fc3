{{ config(materialized='view') }}
-- One row per contract cost, or manual journal on such an asset, and period: opening asset, every movement signed by its effect, closing (340-40-50-2).
with movements as (
    select * from {{ ref('int_reports__cost_movements') }}
),

costs as (
    select * from {{ ref('known_contract_costs') }}
),

parties as (
    select * from {{ ref('posting_parties') }}
),

balances as (
    select
        movements.*,
        sum(change_minor) over (
            partition by contract_key, cost_id order by period_no rows between unbounded preceding and current row
        ) as closing_minor,
        lead(period_no) over (partition by contract_key, cost_id order by period_no) as next_period_no
    from movements
),

-- An asset stands in every period until the next movement; an asset of nothing needs no row.
spans as (
    select
        balances.*,
        case when closing_minor = 0 then period_no else coalesce(next_period_no - 1, {{ through_period_no() }}) end as to_period_no
    from balances
),

every_period as (
    select
        spans.*,
        {{ series_value() }} as standing_period_no
    from {{ series_join('spans', 'spans.period_no', 'spans.to_period_no') }}
),

signed as (
    select
        every_period.*,
        case when standing_period_no = period_no then 1 else 0 end as moves
    from every_period
)

select
    parties.entity_id,
    parties.book,
    -- One journal may be about several contracts.
    case
        when costs.cost_id is null and parties.contract_id is not null then concat(signed.cost_id, ':', parties.contract_id)
        else signed.cost_id
    end as cost_id,
    parties.contract_id,
    coalesce(costs.kind, 'manual') as kind,
    parties.currency,
    periods.period,
    {{ to_major('signed.closing_minor - signed.moves * signed.change_minor', 'parties.minor_units') }} as opening,
    {%- for movement in ['capitalized', 'amortized', 'impaired', 'written_off', 'clawed_back'] %}
    {{ to_major('signed.moves * signed.' ~ movement ~ '_minor', 'parties.minor_units') }} as {{ movement }},
    {%- endfor %}
    {{ to_major('signed.closing_minor', 'parties.minor_units') }} as closing
from signed
inner join parties
    on signed.contract_key = parties.contract_key
left join costs
    on
        signed.contract_key = costs.contract_key
        and signed.cost_id = costs.cost_id
inner join {{ ref('fiscal_periods') }} as periods
    on
        signed.standing_period_no = periods.period_no
        and periods.calendar = 'monthly'
