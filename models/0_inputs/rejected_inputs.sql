-- One row per delivered row (or cell of a file) that was not taken, and why.
{%- set place = 'loaded_from, file_line, problem' %}
{%- set nil = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
with rejected_rows as (
    select 'entities' as table_name, entity_id, {{ nil }} as book, entity_id as row_id, {{ place }}
    from {{ ref('int_inputs__entities') }} where status = 'rejected'
    union all
    select
        'policies' as table_name, nullif(entity_id, '*') as entity_id, nullif(book, '*') as book,
        policy as row_id, {{ place }}
    from {{ ref('int_inputs__policies') }} where status = 'rejected'
    union all
    select 'customers' as table_name, entity_id, {{ nil }} as book, customer_id as row_id, {{ place }}
    from {{ ref('int_inputs__customers') }} where status = 'rejected'
    union all
    select 'products' as table_name, {{ nil }} as entity_id, {{ nil }} as book, product_id as row_id, {{ place }}
    from {{ ref('int_inputs__products') }} where status = 'rejected'
    union all
    select
        'standalone_selling_prices' as table_name, {{ nil }} as entity_id, {{ nil }} as book,
        product_id as row_id, {{ place }}
    from {{ ref('int_inputs__standalone_selling_prices') }} where status = 'rejected'
    union all
    select
        'fx_rates' as table_name, {{ nil }} as entity_id, {{ nil }} as book,
        from_currency || to_currency as row_id, {{ place }}
    from {{ ref('int_inputs__fx_rates') }} where status = 'rejected'
    union all
    select 'account_mappings' as table_name, entity_id, book, role as row_id, {{ place }}
    from {{ ref('int_inputs__account_mappings') }} where status = 'rejected'
    union all
    select 'contracts' as table_name, entity_id, {{ nil }} as book, contract_id as row_id, {{ place }}
    from {{ ref('int_inputs__contracts') }} where status = 'rejected'
    union all
    select
        'contract_versions' as table_name, entity_id, {{ nil }} as book,
        contract_id || ' ' || cast(version as {{ dbt.type_string() }}) as row_id, {{ place }}
    from {{ ref('int_inputs__contract_versions') }} where status = 'rejected'
    union all
    select
        'contract_lines' as table_name, entity_id, {{ nil }} as book,
        contract_id || ' ' || cast(version as {{ dbt.type_string() }}) || ' ' || line_id as row_id, {{ place }}
    from {{ ref('int_inputs__contract_lines') }} where status = 'rejected'
    union all
    select 'payment_schedules' as table_name, entity_id, {{ nil }} as book, contract_id as row_id, {{ place }}
    from {{ ref('int_inputs__payment_schedules') }} where status = 'rejected'
    union all
    select 'price_components' as table_name, entity_id, {{ nil }} as book, component_id as row_id, {{ place }}
    from {{ ref('int_inputs__price_components') }} where status = 'rejected'
    union all
    select 'price_estimates' as table_name, entity_id, book, component_id as row_id, {{ place }}
    from {{ ref('int_inputs__price_estimates') }} where status = 'rejected'
    union all
    select
        'progress' as table_name, entity_id, {{ nil }} as book,
        contract_id || ' ' || line_id || ' ' || cast(measured_on as {{ dbt.type_string() }}) as row_id, {{ place }}
    from {{ ref('int_inputs__progress') }} where status = 'rejected'
    union all
    select 'usage' as table_name, entity_id, {{ nil }} as book, usage_id as row_id, {{ place }}
    from {{ ref('int_inputs__usage') }} where status = 'rejected'
    union all
    select 'contract_costs' as table_name, entity_id, {{ nil }} as book, cost_id as row_id, {{ place }}
    from {{ ref('int_inputs__contract_costs') }} where status = 'rejected'
    union all
    select 'contract_cost_events' as table_name, entity_id, {{ nil }} as book, cost_id as row_id, {{ place }}
    from {{ ref('int_inputs__contract_cost_events') }} where status = 'rejected'
    union all
    select 'invoices' as table_name, entity_id, {{ nil }} as book, invoice_id as row_id, {{ place }}
    from {{ ref('int_inputs__invoices') }} where status = 'rejected'
    union all
    select 'invoice_lines' as table_name, entity_id, {{ nil }} as book, invoice_line_id as row_id, {{ place }}
    from {{ ref('int_inputs__invoice_lines') }} where status = 'rejected'
    union all
    select 'credit_notes' as table_name, entity_id, {{ nil }} as book, credit_note_id as row_id, {{ place }}
    from {{ ref('int_inputs__credit_notes') }} where status = 'rejected'
    union all
    select 'credit_note_lines' as table_name, entity_id, {{ nil }} as book, credit_note_line_id as row_id, {{ place }}
    from {{ ref('int_inputs__credit_note_lines') }} where status = 'rejected'
    union all
    select 'invoice_events' as table_name, entity_id, {{ nil }} as book, event_id as row_id, {{ place }}
    from {{ ref('int_inputs__invoice_events') }} where status = 'rejected'
    union all
    select 'payments' as table_name, entity_id, {{ nil }} as book, payment_id as row_id, {{ place }}
    from {{ ref('int_inputs__payments') }} where status = 'rejected'
    union all
    select 'manual_journals' as table_name, entity_id, book, journal_id as row_id, {{ place }}
    from {{ ref('int_inputs__manual_journals') }} where status = 'rejected'
    union all
    select 'judgments' as table_name, entity_id, {{ nil }} as book, judgment_id as row_id, {{ place }}
    from {{ ref('int_inputs__judgments') }} where status = 'rejected'
    union all
    select 'opening_balances' as table_name, entity_id, book, contract_id || ' ' || line_id as row_id, {{ place }}
    from {{ ref('int_inputs__opening_balances') }} where status = 'rejected'
)

select
    entity_id,
    book,
    loaded_from as source,
    table_name as {{ adapter.quote('table') }},
    coalesce(cast(file_line as {{ dbt.type_string() }}), row_id) as {{ adapter.quote('row') }},
    {{ problem_column() }} as {{ adapter.quote('column') }},
    nullif({{ problem_value() }}, '') as value,
    {{ problem_reason() }} as reason
from rejected_rows
union all
select entity_id, {{ nil }} as book, source, table_name, row_id, column_name, value, reason
from {{ ref('stg_file_drop__rejected') }}
union all
select {{ nil }} as entity_id, {{ nil }} as book, source, table_name, row_id, column_name, value, reason
from {{ ref('stg_salesforce__rejected') }}
union all
select {{ nil }} as entity_id, {{ nil }} as book, source, table_name, row_id, column_name, value, reason
from {{ ref('stg_stripe__rejected') }}
union all
select {{ nil }} as entity_id, {{ nil }} as book, source, table_name, row_id, column_name, value, reason
from {{ ref('stg_gocardless__rejected') }}
