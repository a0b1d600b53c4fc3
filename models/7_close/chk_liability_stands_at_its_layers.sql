-- One row per contract whose liability in the books is not what is left of its layers, each at its own rate (invariant 54).
with layers as (
    select
        contract_key,
        count(*) as layer_count,
        -- What is earned ahead of billing is no layer: it stands at the closing rate, and nets with them.
        sum(case
            when arose_on is null then functional_left_minor
            else -{{ rounded_share('functional_minor', 'left_minor', 'amount_minor', wide=true) }}
        end) as expected_minor
    from {{ ref('currency_layers') }}
    group by contract_key
),

positions as (
    select
        contract_key,
        sum(functional_minor) as functional_minor
    from {{ ref('currency_balances') }}
    where role in ('deferred_revenue', 'contract_asset', 'unbilled_receivable') and is_last = 1
    group by contract_key
),

wrong as (
    select
        positions.contract_key,
        'deferred_revenue' as role,
        cast(positions.functional_minor as {{ dbt.type_bigint() }}) as functional_minor,
        cast(coalesce(layers.expected_minor, 0) as {{ dbt.type_bigint() }}) as expected_minor
    from positions
    left join layers
        on positions.contract_key = layers.contract_key
    where abs(positions.functional_minor - coalesce(layers.expected_minor, 0)) > coalesce(layers.layer_count, 0)
)

select
    parties.entity_id,
    parties.book,
    'liability_stands_at_its_layers' as rule,
    'block' as severity,
    cast('{{ through_last_day() }}' as date) as flagged_on,
    parties.contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(coalesce(parties.contract_id, parties.customer_id), ':', wrong.role) as source_id,
    cast({{ to_major('wrong.expected_minor', 'parties.functional_minor_units') }} as {{ dbt.type_string() }}) as expected,
    cast({{ to_major('wrong.functional_minor', 'parties.functional_minor_units') }} as {{ dbt.type_string() }}) as actual,
    concat(
        'The ', replace(wrong.role, '_', ' '), ' of ', coalesce(parties.contract_id, parties.customer_id), ' is carried at ',
        cast({{ to_major('wrong.functional_minor', 'parties.functional_minor_units') }} as {{ dbt.type_string() }}), ' ',
        parties.functional_currency, '; what is left of its layers is worth ',
        cast({{ to_major('wrong.expected_minor', 'parties.functional_minor_units') }} as {{ dbt.type_string() }}), '.'
    ) as explanation,
    cast(cast('{{ through_last_day() }}' as date) as {{ dbt.type_timestamp() }}) as first_seen_at
from wrong
inner join {{ ref('posting_parties') }} as parties
    on wrong.contract_key = parties.contract_key
