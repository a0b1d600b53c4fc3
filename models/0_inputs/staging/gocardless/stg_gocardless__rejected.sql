-- One row per GoCardless object that the books leave out, with the reason.
{% set tables = ['customers', 'mandates', 'payments', 'refunds', 'events'] %}
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
    from {{ source('raw_gocardless', table) }}
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

without_customer as (
    select
        'payments' as table_name,
        id as row_id,
        'invoice' as column_name,
        invoice as value,
        'the direct debit leads to no customer of the books: name the Stripe invoice in its metadata, or the '
        || 'stripe_customer in the metadata of its customer' as reason
    from {{ ref('base_gocardless__owned_payments') }}
    where
        status in ('confirmed', 'paid_out', 'charged_back')
        and (customer_id is null or entity_id is null)
),

rejected as (
    select * from unreadable
    union all
    select * from without_customer
)

select
    'gocardless' as source,
    table_name,
    row_id,
    column_name,
    value,
    reason
from rejected
