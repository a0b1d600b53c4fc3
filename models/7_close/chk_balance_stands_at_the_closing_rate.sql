-- One row per contract and monetary balance that is not its foreign amount at the closing rate, at the end of a period (invariant 55).
with balances as (
    select * from {{ ref('currency_balances') }}
),

layers as (
    select * from {{ ref('currency_layers') }}
),

foreign_contracts as (
    select * from {{ ref('foreign_contracts') }}
),

parties as (
    select * from {{ ref('posting_parties') }}
),

-- What is shown of contract assets is net of liabilities, so they are looked at gross.
gross as (
    select
        balances.contract_key,
        balances.role,
        balances.period_no,
        balances.amount_minor,
        balances.functional_minor,
        balances.posting_count
    from balances
    where balances.treatment = 'monetary' and balances.role not in ('contract_asset', 'unbilled_receivable')
    union all
    select
        contract_key,
        'contract_asset' as role,
        {{ through_period_no() }} as period_no,
        left_minor as amount_minor,
        functional_left_minor as functional_minor,
        1 as posting_count
    from layers
    where arose_on is null
),

periods as (
    select * from {{ ref('fiscal_periods') }}
    where calendar = 'monthly'
),

compared as (
    select
        gross.*,
        periods.ends_on,
        {{ translated(
            'gross.amount_minor', 'rates.rate_atto', 'foreign_contracts.minor_units', 'foreign_contracts.functional_minor_units'
        ) }} as expected_minor
    from gross
    inner join foreign_contracts
        on gross.contract_key = foreign_contracts.contract_key
    inner join periods
        on gross.period_no = periods.period_no
    inner join {{ ref('exchange_rates') }} as rates
        on
            foreign_contracts.currency = rates.from_currency
            and foreign_contracts.functional_currency = rates.to_currency
            and rates.kind = 'spot'
            and periods.ends_on >= rates.valid_from
            and periods.ends_on < rates.valid_before
),

-- Each document is rounded.
wrong as (
    select * from compared
    where abs(functional_minor - expected_minor) > posting_count
)

select
    parties.entity_id,
    parties.book,
    'balance_stands_at_the_closing_rate' as rule,
    'block' as severity,
    wrong.ends_on as flagged_on,
    parties.contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(
        coalesce(parties.contract_id, parties.customer_id), ':', wrong.role, ':', cast(wrong.ends_on as {{ dbt.type_string() }})
    ) as source_id,
    cast({{ to_major('wrong.expected_minor', 'parties.functional_minor_units') }} as {{ dbt.type_string() }}) as expected,
    cast({{ to_major('wrong.functional_minor', 'parties.functional_minor_units') }} as {{ dbt.type_string() }}) as actual,
    concat(
        'The ', replace(wrong.role, '_', ' '), ' of ', coalesce(parties.contract_id, parties.customer_id), ' is carried at ',
        cast({{ to_major('wrong.functional_minor', 'parties.functional_minor_units') }} as {{ dbt.type_string() }}), ' ',
        parties.functional_currency, '; at the closing rate it is ',
        cast({{ to_major('wrong.expected_minor', 'parties.functional_minor_units') }} as {{ dbt.type_string() }}), '.'
    ) as explanation,
    cast(wrong.ends_on as {{ dbt.type_timestamp() }}) as first_seen_at
from wrong
inner join parties
    on wrong.contract_key = parties.contract_key
