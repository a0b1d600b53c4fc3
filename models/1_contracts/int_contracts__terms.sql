-- One row per contract line of the latest version, and per invoice line that is its own promise.
with combined as (
    select * from {{ ref('int_contracts__terms_of_contracts') }}
    union all
    select * from {{ ref('int_contracts__terms_of_invoices') }}
)

select
    {{ text_key(['contract_key', 'line_id']) }} as line_key,
    combined.*,
    -- The sequence that decides ties: L2 comes before L10.
    cast(row_number() over (partition by contract_key order by length(line_id), line_id) as {{ dbt.type_bigint() }}) as line_no
from combined
