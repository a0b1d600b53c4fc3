-- Every row a system delivers is accepted, superseded, not yet known or rejected. The accepted ones are the input
-- table, the rejected ones are in rejected_inputs. Tables whose counts differ fail.
{%- set systems = {
    'entities': [], 'policies': [], 'standalone_selling_prices': [], 'fx_rates': [], 'account_mappings': [],
    'payment_schedules': [], 'price_components': [], 'price_estimates': [], 'contract_costs': [],
    'contract_cost_events': [], 'manual_journals': [], 'judgments': [], 'opening_balances': [],
    'customers': ['salesforce', 'stripe'], 'products': ['salesforce', 'stripe'], 'contracts': ['salesforce'],
    'contract_versions': ['salesforce'], 'contract_lines': ['salesforce'], 'progress': ['salesforce'],
    'usage': ['stripe'], 'invoices': ['stripe'], 'invoice_lines': ['stripe'], 'credit_notes': ['stripe'],
    'credit_note_lines': ['stripe'], 'invoice_events': ['stripe'], 'payments': ['stripe', 'gocardless'],
} %}
with last_loads as (
    select
        table_name,
        lines_read,
        lines_loaded,
        rejections,
        row_number() over (partition by table_name order by load_no desc) as recency
    from {{ source('raw_file_drop', 'loads') }}
),

counted as (
    {%- for table, others in systems.items() %}
    select
        '{{ table }}' as table_name,
        (select count(*) from {{ ref('stg_file_drop__' ~ table) }}) as in_file,
        (select count(*) from {{ ref('stg_file_drop__' ~ table) }})
        {%- for system in others %}
        + (select count(*) from {{ ref('stg_' ~ system ~ '__' ~ table) }})
        {%- endfor %} as staged,
        (select count(*) from {{ ref('int_inputs__' ~ table) }}) as judged,
        (select count(*) from {{ ref('int_inputs__' ~ table) }} where status = 'accepted') as accepted,
        (
            select count(*) from {{ ref('int_inputs__' ~ table) }} where status in ('superseded', 'not_yet_known')
        ) as waiting,
        (select count(*) from {{ ref('int_inputs__' ~ table) }} where status = 'rejected') as rejected,
        (select count(*) from {{ ref('input_' ~ table) }}) as in_input
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

unread as (
    select table_name from {{ ref('stg_file_drop__rejected') }}
    union all
    select table_name from {{ ref('stg_salesforce__rejected') }}
    union all
    select table_name from {{ ref('stg_stripe__rejected') }}
    union all
    select table_name from {{ ref('stg_gocardless__rejected') }}
),

reported as (
    select
        counted.*,
        (select count(*) from unread where unread.table_name = counted.table_name) as unread,
        (
            select count(*) from {{ ref('rejected_inputs') }} as reports
            where reports.{{ adapter.quote('table') }} = counted.table_name
        ) as in_rejected_inputs
    from counted
)

select reported.*
from reported
left join last_loads
    on
        reported.table_name = last_loads.table_name
        and last_loads.recency = 1
where
    reported.staged <> reported.judged
    or reported.judged <> reported.accepted + reported.waiting + reported.rejected
    or reported.accepted <> reported.in_input
    or reported.rejected + reported.unread <> reported.in_rejected_inputs
    or reported.in_file <> coalesce(last_loads.lines_loaded, 0)
    or (last_loads.lines_read > last_loads.lines_loaded and last_loads.rejections = 0)
