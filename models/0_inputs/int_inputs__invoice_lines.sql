-- One row per delivered invoice line, with its fate in status.
{%- set key = ['invoice_line_id'] %}
with delivered as (
    select * from {{ ref('int_inputs__delivered_invoice_lines') }}
),

invoices as (
    select * from {{ ref('int_inputs__invoices') }} where is_reference
),

contracts as (
    select * from {{ ref('int_inputs__contracts') }} where is_reference
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

products as (
    select * from {{ ref('int_inputs__products') }} where is_reference
),

currencies as (
    select * from {{ ref('currencies') }}
),

joined as (
    select
        delivered.*,
        invoices.invoice_id is not null as has_invoice,
        contracts.contract_id is not null as has_contract,
        lines.line_id is not null as has_line,
        products.product_id is not null as has_product,
        invoices.entity_id,
        invoices.currency,
        coalesce(delivered.contract_id, invoices.contract_id) as billed_contract_id,
        currencies.minor_units,
        {{ delivered_minor('amount') }} as amount_minor,
        {{ delivered_minor('tax_amount') }} as tax_amount_minor,
        {{ delivered_minor('list_amount') }} as list_amount_minor,
        {{ recorded_or_start_of('invoices.issued_on') }} as recorded_at,
        {{ latest_of([
            'invoices.known_at',
            'contracts.known_at',
            'lines.known_at',
            'products.known_at',
        ]) }} as referred_known_at
    from delivered
    left join invoices
        on delivered.invoice_id = invoices.invoice_id
    left join contracts
        on delivered.contract_id = contracts.contract_id
    left join lines
        on
            coalesce(delivered.contract_id, invoices.contract_id) = lines.contract_id
            and delivered.line_id = lines.line_id
    left join products
        on delivered.product_id = products.product_id
    left join currencies
        on invoices.currency = currencies.currency
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as known_at,
        case
            when not has_invoice then {{ no_such('invoice', 'invoice_id') }}
            when contract_id is not null and not has_contract then {{ no_such('contract', 'contract_id') }}
            when line_id is not null and not has_line then {{ no_such_line('billed_contract_id') }}
            when product_id is not null and not has_product then {{ no_such('product', 'product_id') }}
            when ends_on < starts_on then {{ problem('ends_on', 'ends_on', "'ends_on is before starts_on'") }}
            {{ amount_problems('amount') }}
            {{ amount_problems('tax_amount') }}
            {{ amount_problems('list_amount') }}
            {{ repetition_problems(key, 'invoice_line_id', 'this invoice_line_id', is_dated=false) }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(key) }} as row_rank,
        {{ accepted_at(key) }} as accepted_at
    from checked
)

select
    *,
    {{ row_status() }} as status,
    (row_rank = 1 and problem is null) as is_reference
from ranked
