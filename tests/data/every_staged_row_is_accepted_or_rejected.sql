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
{%- set nil = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
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
    select '{{ table }}' as table_name, 'file' as place, {{ nil }} as status, count(*) as row_count
    from {{ ref('stg_file_drop__' ~ table) }}
    {%- for system in others %}
    union all
    select '{{ table }}' as table_name, 'system' as place, {{ nil }} as status, count(*) as row_count
    from {{ ref('stg_' ~ system ~ '__' ~ table) }}
    {%- endfor %}
    union all
    select '{{ table }}' as table_name, 'judged' as place, status, count(*) as row_count
    from {{ ref('int_inputs__' ~ table) }}
    group by status
    union all
    select '{{ table }}' as table_name, 'input' as place, {{ nil }} as status, count(*) as row_count
    from {{ ref('input_' ~ table) }}
    union all
    {%- endfor %}
    select table_name, 'unread' as place, {{ nil }} as status, 1 as row_count from {{ ref('stg_file_drop__rejected') }}
    {%- for system in ('salesforce', 'stripe', 'gocardless') %}
    union all
    select table_name, 'unread' as place, {{ nil }} as status, 1 as row_count
    from {{ ref('stg_' ~ system ~ '__rejected') }}
    {%- endfor %}
    union all
    select {{ adapter.quote('table') }} as table_name, 'reported' as place, {{ nil }} as status, 1 as row_count
    from {{ ref('rejected_inputs') }}
),

reported as (
    select
        table_name,
        sum(case when place = 'file' then row_count else 0 end) as in_file,
        sum(case when place in ('file', 'system') then row_count else 0 end) as staged,
        sum(case when place = 'judged' then row_count else 0 end) as judged,
        sum(case when status = 'accepted' then row_count else 0 end) as accepted,
        sum(case when status in ('superseded', 'not_yet_known') then row_count else 0 end) as waiting,
        sum(case when status = 'rejected' then row_count else 0 end) as rejected,
        sum(case when place = 'input' then row_count else 0 end) as in_input,
        sum(case when place = 'unread' then row_count else 0 end) as unread,
        sum(case when place = 'reported' then row_count else 0 end) as in_rejected_inputs
    from counted
    group by table_name
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
