-- One row per invoice line with a service period that a right to invoice earns: a schedule of its own, spread over that service (606-10-55-18).
with contracts as (
    select * from {{ ref('contracts') }}
),

bills as (
    select * from {{ ref('int_recognition__earning_bills') }}
    where is_over_service and amount_minor <> 0
)

select
    bills.contract_key,
    bills.line_key,
    bills.bill_key as schedule_key,
    bills.starts_on,
    bills.ends_on,
    bills.amount_minor,
    contracts.straight_line,
    contracts.straight_line_days,
    bills.not_before_on
from bills
inner join contracts
    on bills.contract_key = contracts.contract_key
