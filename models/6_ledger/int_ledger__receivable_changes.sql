{{ config(materialized='view') }}
-- One row per event on an invoice and contract it bills: what it does to the receivable, to price and tax, and to what is owed to the customer.
with steps as (
    select * from {{ ref('int_ledger__receivable_steps') }}
),

refunds as (
    select
        contract_key,
        payment_id,
        -- What is paid of a balance is not given back of the price.
        amount_minor - overpaid_minor - granted_minor as given_minor,
        overpaid_minor,
        granted_minor,
        tax_minor
    from {{ ref('int_ledger__refund_parts') }}
),

given_before as (
    select * from {{ ref('int_ledger__given_before_voids') }}
)

select
    steps.contract_key,
    steps.invoice_id,
    steps.occurred_on,
    steps.precedence,
    steps.entry_type,
    steps.source_type,
    steps.source_id,
    cast(
        steps.receivable_minor + coalesce(refunds.overpaid_minor, given_before.given_minor + given_before.granted_minor, 0) as {{ dbt.type_bigint() }}
    ) as receivable_minor,
    steps.settled_role,
    cast(coalesce(
        refunds.given_minor - refunds.tax_minor, steps.net_minor - given_before.given_minor + given_before.tax_minor, steps.net_minor
    ) as {{ dbt.type_bigint() }}) as net_minor,
    cast(coalesce(refunds.tax_minor, steps.tax_minor - given_before.tax_minor, steps.tax_minor) as {{ dbt.type_bigint() }}) as tax_minor,
    cast(coalesce(refunds.granted_minor, steps.owed_minor - given_before.granted_minor, steps.owed_minor) as {{ dbt.type_bigint() }}) as owed_minor
from steps
left join refunds
    on
        steps.contract_key = refunds.contract_key
        and steps.source_type = 'payment'
        and steps.source_id = refunds.payment_id
left join given_before
    on
        steps.contract_key = given_before.contract_key
        and steps.entry_type = 'void'
        and steps.source_id = given_before.event_id
