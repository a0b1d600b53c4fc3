-- One row per line that an invoice of its own passes through to others: the key under which the fold takes it.
select
    contract_key,
    invoice_line_id,
    pass_through_minor,
    booked_on,
    -- Below zero: it is no promise, so it has no obligation.
    cast(-row_number() over (partition by contract_key order by invoice_line_id) as {{ dbt.type_bigint() }}) as passed_key
from {{ ref('billings') }}
where
    kind = 'pass_through'
    and contract_key in (select contract_key from {{ ref('contracts') }} where is_invoice_only)
