-- One row per event of a contract cost and book, in order; a termination of the contract ends its costs by itself (invariant 58).
with costs as (
    select * from {{ ref('known_contract_costs') }}
),

contracts as (
    select
        contract_key,
        contract_id
    from {{ ref('known_contracts') }}
),

given as (
    select * from {{ ref('input_contract_cost_events') }}
),

versions as (
    select * from {{ ref('int_contracts__versions') }}
),

ends as (
    select
        contract_id,
        version,
        max(coalesce(ends_on, starts_on)) as ends_on
    from {{ ref('input_contract_lines') }}
    group by contract_id, version
),

with_previous as (
    select
        versions.contract_id,
        versions.change,
        versions.effective_on,
        ends.ends_on,
        lag(ends.ends_on) over (partition by versions.contract_id order by versions.version_order) as ended_on
    from versions
    left join ends
        on
            versions.contract_id = ends.contract_id
            and versions.version = ends.version
),

-- A termination of a part leaves the last day of service where it was.
terminations as (
    select
        contract_id,
        effective_on as occurred_on,
        case when ends_on >= effective_on then 'shorten' else 'termination' end as kind,
        case when ends_on >= effective_on then ends_on end as amortise_to
    from with_previous
    where change = 'termination' and coalesce(ends_on < ended_on, true)
),

combined as (
    select
        costs.cost_key,
        costs.contract_key,
        costs.treatment,
        greatest(given.occurred_on, coalesce(costs.capitalized_on, given.occurred_on)) as occurred_on,
        given.occurred_on as entered_on,
        given.kind,
        given.amount_minor,
        given.amortise_to
    from costs
    inner join given
        on costs.cost_id = given.cost_id
    union all
    select
        costs.cost_key,
        costs.contract_key,
        costs.treatment,
        greatest(terminations.occurred_on, costs.capitalized_on) as occurred_on,
        terminations.occurred_on as entered_on,
        terminations.kind,
        cast(null as {{ dbt.type_bigint() }}) as amount_minor,
        terminations.amortise_to
    from costs
    inner join contracts
        on costs.contract_key = contracts.contract_key
    inner join terminations
        on contracts.contract_id = terminations.contract_id
    where costs.treatment = 'capitalized'
)

select
    cost_key,
    contract_key,
    treatment,
    -- What a day changes comes before the test of what is left at its end.
    cast(row_number() over (
        partition by cost_key
        order by
            occurred_on, entered_on,
            case kind when 'extend' then 1 when 'shorten' then 2 when 'clawback' then 3 when 'recoverable_amount' then 5 else 4 end, kind
    ) as {{ dbt.type_bigint() }}) as event_no,
    occurred_on,
    kind,
    amount_minor,
    amortise_to
from combined
