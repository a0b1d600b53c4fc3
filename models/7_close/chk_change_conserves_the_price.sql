-- One row per contract version whose lines do not share exactly what the version promises: what was earned and what remains (invariants 19, 28).
with contracts as (
    select
        contracts.*,
        count(*) over (partition by group_key) as group_size
    from {{ ref('contracts') }} as contracts
    where is_folded
),

shares as (
    select
        contract_key,
        version,
        sum(allocated_minor) as allocated_minor
    from {{ ref('price_changes') }}
    where component_key = 0
    group by contract_key, version
),

promises as (
    select
        contract_key,
        version,
        sum(amount_minor) as promised_minor
    from {{ ref('version_lines') }}
    -- What its use or its invoices price is no fixed price.
    where is_discount or recognition_method not in ('usage', 'as_invoiced', 'on_invoice')
    group by contract_key, version
),

wrong as (
    select
        contracts.*,
        shares.version,
        cast({{ to_major('promises.promised_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as promised,
        cast({{ to_major('shares.allocated_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as shared
    from shares
    inner join promises
        on
            shares.contract_key = promises.contract_key
            and shares.version = promises.version
    inner join contracts
        on shares.contract_key = contracts.contract_key
    -- Combined contracts share one price, which falls on the lines of all of them.
    where contracts.group_size = 1 and shares.allocated_minor <> promises.promised_minor
)

select
    entity_id,
    book,
    'change_conserves_the_price' as rule,
    'block' as severity,
    inception_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(contract_id, ':', cast(version as {{ dbt.type_string() }})) as source_id,
    promised as expected,
    shared as actual,
    concat(
        'Version ', cast(version as {{ dbt.type_string() }}), ' of contract ', contract_id, ' promises ', promised, ' ', currency,
        '; its lines share ', shared, '.'
    ) as explanation,
    recorded_at as first_seen_at
from wrong
