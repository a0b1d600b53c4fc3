-- One row per price component of a contract, and day of an estimate: what counts of it by the method chosen (606-10-32-8, 32-11).
with contracts as (
    select
        contract_key,
        contract_id,
        group_key,
        book
    from {{ ref('contracts') }}
    where is_folded
),

components as (
    select
        contracts.contract_key,
        contracts.group_key,
        contracts.book,
        components.component_id,
        {{ text_key(['contracts.contract_key', 'components.component_id']) }} as component_key
    from {{ ref('input_price_components') }} as components
    inner join contracts
        on components.contract_id = contracts.contract_id
),

-- An estimate for the book comes before one for all books.
scenarios as (
    select
        components.group_key,
        components.component_key,
        components.component_id,
        estimates.estimated_on,
        estimates.method,
        estimates.amount_minor,
        estimates.probability,
        estimates.constrained_to_minor,
        dense_rank() over (
            partition by components.component_key, estimates.estimated_on order by case when estimates.book = components.book then 0 else 1 end
        ) as preference,
        row_number() over (
            partition by components.component_key, estimates.estimated_on, coalesce(estimates.book, '*')
            order by estimates.probability desc, abs(estimates.amount_minor), estimates.amount_minor
        ) as likelihood
    from components
    inner join {{ ref('input_price_estimates') }} as estimates
        on components.component_id = estimates.component_id
    where estimates.book is null or estimates.book in ('*', components.book)
),

counted as (
    select
        group_key,
        component_key,
        component_id,
        estimated_on,
        max(method) as method,
        max(constrained_to_minor) as constrained_to_minor,
        max(case when likelihood = 1 then amount_minor end) as likely_minor,
        cast(round(sum(amount_minor * coalesce(probability, 1)), 0) as {{ dbt.type_bigint() }}) as expected_minor
    from scenarios
    where preference = 1
    group by group_key, component_key, component_id, estimated_on
),

estimated as (
    select
        counted.*,
        case when method = 'most_likely' then likely_minor else expected_minor end as gross_minor
    from counted
)

select
    group_key,
    component_key,
    component_id,
    estimated_on,
    -- What might have to be taken back does not count (606-10-32-11).
    coalesce(constrained_to_minor, gross_minor) as amount_minor,
    gross_minor,
    constrained_to_minor
from estimated
