-- One row per metered invoice line of a contract: what was used in the days it bills.
with lines as (
    select * from {{ ref('base_stripe__issued_lines') }}
)

select
    invoice_line_id as usage_id,
    contract_id,
    line_id,
    coalesce(ends_on, issued_on) as used_on,
    coalesce(quantity, 1) as quantity,
    cast(null as decimal(28, 9)) as unit_price,
    amount_minor,
    'stripe' as source_system,
    recorded_at
from lines
where
    is_metered
    and contract_id is not null
    and line_id is not null
