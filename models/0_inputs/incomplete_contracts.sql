-- One row per contract or invoice and table in which a row of it was rejected: accounted for without that row it would
-- be a wrong number.
with rejected as (
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
    inner join {{ ref('int_inputs__contract_costs') }} as costs
        on
            events.cost_id = costs.cost_id
            and costs.is_reference
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
    select cast(null as {{ dbt.type_string() }}) as contract_id, notes.invoice_id, 'credit_note_lines' as input_table
    from {{ ref('int_inputs__credit_note_lines') }} as lines
    inner join {{ ref('int_inputs__credit_notes') }} as notes
        on lines.credit_note_id = notes.credit_note_id
    where lines.row_rank = 1 and lines.status = 'rejected'
    union all
    -- A line of a file that could not even be read still names what it belongs to.
    select unread.contract_id, coalesce(unread.invoice_id, notes.invoice_id) as invoice_id, unread.table_name
    from {{ ref('stg_file_drop__rejected') }} as unread
    left join {{ ref('int_inputs__credit_notes') }} as notes
        on
            unread.credit_note_id = notes.credit_note_id
            and notes.is_reference
    where
        unread.table_name in (
            'contract_versions', 'contract_lines', 'price_components', 'progress', 'usage', 'invoices', 'invoice_lines',
            'invoice_events', 'payments', 'credit_notes', 'credit_note_lines'
        )
)

select distinct
    contract_id,
    invoice_id,
    input_table
from rejected
where contract_id is not null or invoice_id is not null
