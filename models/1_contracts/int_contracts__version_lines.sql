-- One row per contract version and line, and per invoice line that is its own promise.
with combined as (
    select * from {{ ref('int_contracts__terms_of_contracts') }}
    union all
    select * from {{ ref('int_contracts__terms_of_invoices') }}
)

select
    {{ text_key(['contract_key', 'line_id']) }} as line_key,
    combined.*,
    -- The sequence that decides ties: L2 comes before L10.
    cast(dense_rank() over (partition by contract_key order by length(line_id), line_id) as {{ dbt.type_bigint() }}) as line_no,
    row_number() over (partition by contract_key, line_id order by version_order desc) = 1 as is_latest
from combined
