-- One row per delivered line of a contract version, with its fate in status.
{%- set key = ['contract_id', 'version', 'line_id'] %}
with delivered as (
    select * from {{ ref('int_inputs__delivered_contract_lines') }}
),

versions as (
    select * from {{ ref('int_inputs__contract_versions') }} where is_reference
),

products as (
    select * from {{ ref('int_inputs__products') }} where is_reference
),

currencies as (
    select * from {{ ref('currencies') }}
),

joined as (
    select
        delivered.*,
        versions.version is not null as has_version,
        products.product_id is not null as has_product,
        versions.entity_id,
        versions.currency,
        currencies.minor_units,
        {{ delivered_minor('amount') }} as amount_minor,
        {{ delivered_minor('ssp') }} as ssp_minor,
        {{ recorded_or_start_of('versions.agreed_on') }} as recorded_at,
        {{ latest_of(['versions.known_at', 'products.known_at']) }} as referred_known_at
    from delivered
    left join versions
        on
            delivered.contract_id = versions.contract_id
            and delivered.version = versions.version
    left join products
        on delivered.product_id = products.product_id
    left join currencies
        on versions.currency = currencies.currency
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as own_known_at,
        case
            when not has_version then {{ no_such_version() }}
            when not has_product then {{ no_such('product', 'product_id') }}
            when ends_on < starts_on then {{ problem('ends_on', 'ends_on', "'ends_on is before starts_on'") }}
            {{ amount_problems('amount') }}
            {{ amount_problems('ssp') }}
            {{ repetition_problems(key, 'line_id', 'this line_id') }}
        end as own_problem
    from joined
),

-- A line may refer to other lines of its contract.
peers as (
    select
        contract_id,
        line_id,
        min(own_known_at) as known_at
    from checked
    where own_problem is null
    group by contract_id, line_id
),

scopes as (
    select
        checked.contract_id,
        checked.version,
        checked.line_id,
        count(distinct peers.line_id) as lines_found
    from checked
    inner join peers
        on checked.contract_id = peers.contract_id
    where checked.discount_scope <> 'all' and {{ is_listed('peers.line_id', 'checked.discount_scope') }}
    group by checked.contract_id, checked.version, checked.line_id
),

related as (
    select
        checked.*,
        case
            when checked.own_problem is not null then checked.own_problem
            when checked.exercises_line_id is not null and peers.line_id is null
                then {{ no_such_line('checked.contract_id', 'checked.exercises_line_id') }}
            when
                checked.discount_scope <> 'all'
                and coalesce(scopes.lines_found, 0) < {{ listed('checked.discount_scope') }}
                then {{ no_such_listed_line('checked.discount_scope') }}
        end as problem,
        {{ latest_of(['checked.own_known_at', 'peers.known_at']) }} as known_at
    from checked
    left join peers
        on
            checked.contract_id = peers.contract_id
            and checked.exercises_line_id = peers.line_id
    left join scopes
        on
            checked.contract_id = scopes.contract_id
            and checked.version = scopes.version
            and checked.line_id = scopes.line_id
),

ranked as (
    select
        *,
        {{ row_rank(key) }} as row_rank,
        {{ accepted_at(key) }} as accepted_at
    from related
)

select
    *,
    {{ row_status() }} as status,
    (row_rank = 1 and problem is null) as is_reference
from ranked
