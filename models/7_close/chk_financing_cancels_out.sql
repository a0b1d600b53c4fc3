-- One row per financing component, all paid for, whose change of the price and whose interest do not cancel out (invariant 57, 606-10-32-15).
-- It looks at the component alone, so that what else is in the price may be estimated, used or invoiced.
with components as (
    select
        contracts.*,
        components.component_id,
        {{ text_key(['contracts.contract_key', 'components.component_id']) }} as component_key
    from {{ ref('input_price_components') }} as components
    inner join {{ ref('contracts') }} as contracts
        on components.contract_id = contracts.contract_id
    where components.kind = 'financing' and contracts.contract_key = contracts.position_key
),

-- The rate and the price are those of inception (32-20).
shares as (
    select
        changes.component_key,
        sum(changes.allocated_minor) as price_minor
    from {{ ref('price_changes') }} as changes
    inner join components
        on changes.component_key = components.component_key
    where changes.version = 1
    group by changes.component_key
),

interest as (
    select
        source_key as component_key,
        sum(credit_minor) as interest_minor
    from {{ ref('expected_liabilities') }}
    where role in ('interest_expense', 'interest_income')
    group by source_key
),

-- What is priced by its use is paid as it is used.
fixed_lines as (
    select
        contract_key,
        line_key,
        amount_minor
    from {{ ref('contract_terms') }}
    where recognition_method not in ('usage', 'as_invoiced', 'on_invoice')
),

promised as (
    select
        contract_key,
        sum(amount_minor) as promised_minor
    from fixed_lines
    group by contract_key
),

credited as (
    select
        invoice_line_id,
        sum(amount_minor) as amount_minor
    from {{ ref('credited_lines') }}
    group by invoice_line_id
),

billed as (
    select
        billings.contract_key,
        sum(billings.amount_minor - coalesce(credited.amount_minor, 0)) as billed_minor
    from {{ ref('billings') }} as billings
    inner join components
        on billings.contract_key = components.contract_key
    left join fixed_lines
        on billings.line_key = fixed_lines.line_key
    left join credited
        on billings.invoice_line_id = credited.invoice_line_id
    where billings.line_key is null or fixed_lines.line_key is not null
    group by billings.contract_key
),

wrong as (
    select
        components.*,
        cast({{ to_major('coalesce(shares.price_minor, 0)', 'components.minor_units') }} as {{ dbt.type_string() }}) as price_change,
        cast({{ to_major('coalesce(interest.interest_minor, 0)', 'components.minor_units') }} as {{ dbt.type_string() }}) as interest
    from components
    inner join promised
        on components.contract_key = promised.contract_key
    inner join billed
        on components.contract_key = billed.contract_key
    left join shares
        on components.component_key = shares.component_key
    left join interest
        on components.component_key = interest.component_key
    where billed.billed_minor >= promised.promised_minor and coalesce(shares.price_minor, 0) + coalesce(interest.interest_minor, 0) <> 0
)

select
    entity_id,
    book,
    'financing_cancels_out' as rule,
    'block' as severity,
    inception_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    component_id as source_id,
    concat('interest that makes up for ', price_change) as expected,
    interest as actual,
    concat(
        'Component ', component_id, ' of contract ', contract_id, ' changes the price by ', price_change, ' ', currency, ', its interest comes to ',
        interest, ': both cancel out once the price is billed. Do the instalments add up to it?'
    ) as explanation,
    recorded_at as first_seen_at
from wrong
