{{ config(materialized='view') }}
-- One row per posting of a refund liability, an amount payable to the customer or interest, against contract liability (606-10-32-10, 32-20, 32-25).
with liabilities as (
    select * from {{ ref('expected_liabilities') }}
),

sides as (
    select 1 as direction
    union all
    select -1 as direction
)

select
    liabilities.contract_key,
    cast(null as {{ dbt.type_bigint() }}) as line_key,
    case when liabilities.role in ('interest_expense', 'interest_income') then 'interest' else liabilities.role end as entry_type,
    liabilities.source_type,
    liabilities.source_id,
    liabilities.occurred_on as entry_on,
    case when liabilities.role in ('interest_expense', 'interest_income') then 'financing' else 'price_change' end as cause,
    case when sides.direction = 1 then 'deferred_revenue' else liabilities.role end as role,
    liabilities.credit_minor * sides.direction as amount_minor
from liabilities
cross join sides
