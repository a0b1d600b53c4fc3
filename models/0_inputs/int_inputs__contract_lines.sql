-- One row per delivered line of a contract version, with its fate in status.
with delivered as (
    select
        contract_id,
        version,
        line_id,
        product_id,
        quantity,
        unit,
        unit_price,
        amount,
        starts_on,
        ends_on,
        ssp,
        recognition_method,
        discount_scope,
        billing_frequency,
        billing_timing,
        termination_notice_days,
        refundable_on_termination,
        cancellable_until,
        expires_on,
        exercises_line_id,
        unit_cost,
        'file_drop' as source_system,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__contract_lines') }}
),

versions as (
    select
        contract_id,
        version,
        entity_id,
        currency,
        agreed_on,
        known_at
    from {{ ref('int_inputs__contract_versions') }}
    where is_reference
),

products as (
    select
        product_id,
        known_at
    from {{ ref('int_inputs__products') }}
    where is_reference
),

currencies as (
    select
        currency,
        minor_units
    from {{ ref('currencies') }}
),

joined as (
    select
        delivered.*,
        versions.version as found_version,
        products.product_id as found_product,
        versions.entity_id,
        versions.currency,
        currencies.minor_units,
        {{ to_minor('delivered.amount', 'currencies.minor_units') }} as amount_minor,
        {{ to_minor('delivered.ssp', 'currencies.minor_units') }} as ssp_minor,
        coalesce(delivered.given_recorded_at, {{ start_of_day('versions.agreed_on') }}, {{ beginning() }}) as recorded_at,
        greatest(
            coalesce(versions.known_at, {{ beginning() }}),
            coalesce(products.known_at, {{ beginning() }})
        ) as referred_known_at
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
        greatest(recorded_at, referred_known_at) as known_at,
        case
            when found_version is null then {{ no_such_version() }}
            when found_product is null then {{ no_such('product', 'product_id') }}
            when ends_on < starts_on then {{ problem('ends_on', 'ends_on', "'ends_on is before starts_on'") }}
            {{ amount_problems('amount') }}
            {{ amount_problems('ssp') }}
            {{ repetition_problems(['contract_id', 'version', 'line_id'], 'line_id', 'this line_id') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['contract_id', 'version', 'line_id']) }} as row_rank,
        {{ accepted_at(['contract_id', 'version', 'line_id']) }} as accepted_at
    from checked
)

select
    contract_id,
    version,
    line_id,
    product_id,
    quantity,
    unit,
    unit_price,
    amount_minor,
    starts_on,
    ends_on,
    ssp_minor,
    recognition_method,
    discount_scope,
    billing_frequency,
    billing_timing,
    termination_notice_days,
    refundable_on_termination,
    cancellable_until,
    expires_on,
    exercises_line_id,
    unit_cost,
    source_system,
    recorded_at,
    entity_id,
    loaded_from,
    file_name,
    file_line,
    known_at,
    problem,
    {{ row_status() }} as status,
    row_rank = 1 and problem is null as is_reference
from ranked
