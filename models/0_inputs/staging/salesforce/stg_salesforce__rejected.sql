-- One row per Salesforce record that the books leave out, with the reason.
{% set tables = ['accounts', 'opportunities', 'products', 'contracts', 'orders', 'order_items', 'milestones'] %}
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
    from {{ source('raw_salesforce', table) }}
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
        'contracts' as table_name,
        id as row_id,
        'account_id' as column_name,
        account_id as value,
        'the account of the contract has no Legal_Entity__c, so nobody knows whose revenue it is' as reason
    from {{ ref('base_salesforce__activated_contracts') }}
    where legal_entity is null
),

wrong_lines as (
    select
        'contract_lines' as table_name,
        id as row_id,
        wrong_column as column_name,
        case when wrong_column = 'amount' then {{ plain_number('total_price') }} end as value,
        wrong as reason
    from {{ ref('base_salesforce__version_lines') }}
    where wrong is not null
),

rejected as (
    select * from unreadable
    union all
    select * from without_entity
    union all
    select * from wrong_lines
)

select
    'salesforce' as source,
    table_name,
    row_id,
    column_name,
    value,
    reason
from rejected
