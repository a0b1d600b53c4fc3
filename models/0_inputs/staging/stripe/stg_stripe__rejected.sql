-- One row per Stripe object that the books leave out, with the reason; what belongs to it is left out with it.
{% set tables = [
    'customers', 'products', 'prices', 'invoices', 'invoice_lines', 'invoice_payments', 'credit_notes',
    'credit_note_lines', 'credit_note_refunds', 'charges', 'refunds', 'disputes', 'balance_transactions',
] %}
with versions as (
    {% for table in tables %}
    select
        '{{ table }}' as table_name,
        id,
        is_deleted,
        _rejected_column,
        _rejected_value,
        _rejected_reason,
        row_number() over (partition by id order by _version desc) as recency
    from {{ source('raw_stripe', table) }}
    where _recorded_at <= {{ as_of() }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

unreadable as (
    select
        table_name,
        id as row_id,
        _rejected_column as column_name,
        _rejected_value as value,
        _rejected_reason as reason
    from versions
    where
        recency = 1
        and not is_deleted
        and _rejected_reason is not null
),

without_entity as (
    select
        'customers' as table_name,
        id as row_id,
        'entity_id' as column_name,
        cast(null as {{ dbt.type_string() }}) as value,
        'the customer has no entity_id in its metadata, so nobody knows whose revenue it is' as reason
    from {{ ref('base_stripe__customers') }}
    where entity_id is null
),

without_customer as (
    select
        'charges' as table_name,
        charges.id as row_id,
        'customer' as column_name,
        cast(null as {{ dbt.type_string() }}) as value,
        'the charge has no customer and pays no invoice, so nobody knows whose money it is' as reason
    from {{ ref('base_stripe__charges') }} as charges
    left join {{ ref('base_stripe__receipts') }} as receipts
        on charges.id = receipts.charge
    where
        charges.status = 'succeeded'
        and charges.customer is null
        and receipts.charge is null
),

without_line as (
    select
        'invoice_lines' as table_name,
        stripe_line_id as row_id,
        'line' as column_name,
        cast(null as {{ dbt.type_string() }}) as value,
        'the metered line bills a contract but has no line in its metadata, so its usage belongs to no promise' as reason
    from {{ ref('base_stripe__issued_lines') }}
    where
        is_metered
        and contract_id is not null
        and line_id is null
),

rejected as (
    select * from unreadable
    union all
    select * from without_entity
    union all
    select * from without_customer
    union all
    select * from without_line
)

select
    'stripe' as source,
    table_name,
    row_id,
    column_name,
    value,
    reason
from rejected
