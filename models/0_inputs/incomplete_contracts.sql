-- One row per contract or invoice and table in which a row of it was rejected: accounted for without that row it would
-- be a wrong number.
with components as (
    select * from {{ ref('int_inputs__price_components') }} where is_reference
),

costs as (
    select * from {{ ref('int_inputs__contract_costs') }} where is_reference
),

rejected as (
    select contract_id, cast(null as {{ dbt.type_string() }}) as invoice_id, 'contract_versions' as input_table
    from {{ ref('int_inputs__contract_versions') }}
    where row_rank = 1 and status = 'rejected'
    union all
    select contract_id, cast(null as {{ dbt.type_string() }}) as invoice_id, 'contract_lines' as input_table
    from {{ ref('int_inputs__contract_lines') }}
    where row_rank = 1 and status = 'rejected'
    union all
    select contract_id, cast(null as {{ dbt.type_string() }}) as invoice_id, 'price_components' as input_table
    from {{ ref('int_inputs__price_components') }}
    where row_rank = 1 and status = 'rejected'
    union all
    select components.contract_id, cast(null as {{ dbt.type_string() }}) as invoice_id, 'price_estimates' as input_table
    from {{ ref('int_inputs__price_estimates') }} as estimates
    inner join components
        on estimates.component_id = components.component_id
    where estimates.row_rank = 1 and estimates.status = 'rejected'
    union all
    select contract_id, cast(null as {{ dbt.type_string() }}) as invoice_id, 'payment_schedules' as input_table
    from {{ ref('int_inputs__payment_schedules') }}
    where row_rank = 1 and status = 'rejected'
    union all
    select contract_id, cast(null as {{ dbt.type_string() }}) as invoice_id, 'opening_balances' as input_table
    from {{ ref('int_inputs__opening_balances') }}
    where row_rank = 1 and status = 'rejected'
    union all
    select contract_id, cast(null as {{ dbt.type_string() }}) as invoice_id, 'progress' as input_table
    from {{ ref('int_inputs__progress') }}
    where row_rank = 1 and status = 'rejected'
    union all
    select contract_id, cast(null as {{ dbt.type_string() }}) as invoice_id, 'usage' as input_table
    from {{ ref('int_inputs__usage') }}
    where row_rank = 1 and status = 'rejected'
    union all
    select contract_id, cast(null as {{ dbt.type_string() }}) as invoice_id, 'contract_costs' as input_table
    from {{ ref('int_inputs__contract_costs') }}
    where row_rank = 1 and status = 'rejected'
    union all
    select costs.contract_id, cast(null as {{ dbt.type_string() }}) as invoice_id, 'contract_cost_events' as input_table
    from {{ ref('int_inputs__contract_cost_events') }} as events
    inner join costs
        on events.cost_id = costs.cost_id
    where events.row_rank = 1 and events.status = 'rejected'
    union all
    select contract_id, invoice_id, 'invoices' as input_table
    from {{ ref('int_inputs__invoices') }}
    where row_rank = 1 and status = 'rejected'
    union all
    select contract_id, invoice_id, 'invoice_lines' as input_table
    from {{ ref('int_inputs__invoice_lines') }}
    where row_rank = 1 and status = 'rejected'
    union all
    select cast(null as {{ dbt.type_string() }}) as contract_id, invoice_id, 'invoice_events' as input_table
    from {{ ref('int_inputs__invoice_events') }}
    where row_rank = 1 and status = 'rejected'
    union all
    select contract_id, invoice_id, 'payments' as input_table
    from {{ ref('int_inputs__payments') }}
    where row_rank = 1 and status = 'rejected'
    union all
    select cast(null as {{ dbt.type_string() }}) as contract_id, invoice_id, 'credit_notes' as input_table
    from {{ ref('int_inputs__credit_notes') }}
    where row_rank = 1 and status = 'rejected'
    union all
    select
        cast(null as {{ dbt.type_string() }}) as contract_id,
        coalesce(notes.invoice_id, lines.billed_invoice_id) as invoice_id,
        'credit_note_lines' as input_table
    from {{ ref('int_inputs__credit_note_lines') }} as lines
    inner join {{ ref('int_inputs__credit_notes') }} as notes
        on lines.credit_note_id = notes.credit_note_id
    where lines.row_rank = 1 and lines.status = 'rejected'
    union all
    -- A line of a file that could not even be read still names what it belongs to.
    select
        coalesce(unread.contract_id, components.contract_id, costs.contract_id) as contract_id,
        coalesce(unread.invoice_id, notes.invoice_id) as invoice_id,
        unread.table_name
    from {{ ref('stg_file_drop__rejected') }} as unread
    left join components
        on unread.component_id = components.component_id
    left join costs
        on unread.cost_id = costs.cost_id
    left join {{ ref('int_inputs__credit_notes') }} as notes
        on
            unread.credit_note_id = notes.credit_note_id
            and notes.is_reference
    where
        unread.table_name in (
            'contract_versions', 'contract_lines', 'price_components', 'price_estimates', 'payment_schedules', 'opening_balances',
            'progress', 'usage', 'contract_costs', 'contract_cost_events', 'invoices', 'invoice_lines', 'invoice_events', 'payments',
            'credit_notes', 'credit_note_lines'
        )
)

select distinct
    contract_id,
    invoice_id,
    input_table
from rejected
where contract_id is not null or invoice_id is not null
