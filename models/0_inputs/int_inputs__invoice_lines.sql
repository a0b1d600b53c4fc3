-- One row per delivered invoice line, with its fate in status.
with delivered as (
    select
        invoice_id,
        invoice_line_id,
        contract_id,
        line_id,
        product_id,
        amount,
        tax_amount,
        starts_on,
        ends_on,
        quantity,
        list_amount,
        kind,
        'file_drop' as source_system,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__invoice_lines') }}
),

invoices as (
    select
        invoice_id,
        contract_id,
        entity_id,
        currency,
        issued_on,
        known_at
    from {{ ref('int_inputs__invoices') }}
    where is_reference
),

contracts as (
    select
        contract_id,
        known_at
    from {{ ref('int_inputs__contracts') }}
    where is_reference
),

products as (
    select
        product_id,
        known_at
    from {{ ref('int_inputs__products') }}
    where is_reference
),

lines as (
    select
        contract_id,
        line_id,
        min(known_at) as known_at
    from {{ ref('int_inputs__contract_lines') }}
    where is_reference
    group by contract_id, line_id
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
        invoices.invoice_id as found_invoice,
        contracts.contract_id as found_contract,
        products.product_id as found_product,
        lines.line_id as found_line,
        invoices.entity_id,
        invoices.currency,
        currencies.minor_units,
        {{ to_minor('delivered.amount', 'currencies.minor_units') }} as amount_minor,
        {{ to_minor('delivered.tax_amount', 'currencies.minor_units') }} as tax_amount_minor,
        {{ to_minor('delivered.list_amount', 'currencies.minor_units') }} as list_amount_minor,
        coalesce(delivered.given_recorded_at, {{ start_of_day('invoices.issued_on') }}, {{ beginning() }}) as recorded_at,
        greatest(
            coalesce(invoices.known_at, {{ beginning() }}),
            coalesce(contracts.known_at, {{ beginning() }}),
            coalesce(products.known_at, {{ beginning() }}),
            coalesce(lines.known_at, {{ beginning() }})
        ) as referred_known_at
    from delivered
    left join invoices
        on delivered.invoice_id = invoices.invoice_id
    left join contracts
        on delivered.contract_id = contracts.contract_id
    left join products
        on delivered.product_id = products.product_id
    left join lines
        on
            coalesce(delivered.contract_id, invoices.contract_id) = lines.contract_id
            and delivered.line_id = lines.line_id
    left join currencies
        on invoices.currency = currencies.currency
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as known_at,
        case
            when found_invoice is null then {{ no_such('invoice', 'invoice_id') }}
            when contract_id is not null and found_contract is null then {{ no_such('contract', 'contract_id') }}
            when line_id is not null and found_line is null then {{ no_such('line', 'line_id') }}
            when product_id is not null and found_product is null then {{ no_such('product', 'product_id') }}
            when ends_on < starts_on then {{ problem('ends_on', 'ends_on', "'ends_on is before starts_on'") }}
            {{ amount_problems('amount') }}
            {{ amount_problems('tax_amount') }}
            {{ amount_problems('list_amount') }}
            {{ repetition_problems(['invoice_line_id'], 'invoice_line_id', 'this invoice_line_id') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['invoice_line_id']) }} as row_rank,
        {{ accepted_at(['invoice_line_id']) }} as accepted_at
    from checked
)

select
    invoice_id,
    invoice_line_id,
    contract_id,
    line_id,
    product_id,
    amount_minor,
    tax_amount_minor,
    starts_on,
    ends_on,
    quantity,
    list_amount_minor,
    kind,
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
