-- One row per contract version and line, and per invoice line that is its own promise, with the days on which its terms are in force.
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
    lead(version_order) over (partition by contract_key, line_id order by version_order) is null as is_latest,
    -- The first terms of a line hold for all that came before them; each holds until the next take effect.
    case
        when row_number() over (partition by contract_key, line_id order by version_order) > 1 then effective_on
        else cast('0001-01-01' as date)
    end as in_force_from_on,
    lead(effective_on, 1, cast('9999-12-31' as date)) over (partition by contract_key, line_id order by version_order) as in_force_before_on
from combined
