{{ config(materialized='view') }}
-- One row per void of an invoice, and contract it bills, that comes after refunds without a credit note: what they gave back, so that it does not again.
select
    voids.contract_key,
    voids.event_id,
    -- What is paid of a balance is not given back of the price.
    cast(sum(refunds.amount_minor - refunds.overpaid_minor - refunds.granted_minor) as {{ dbt.type_bigint() }}) as given_minor,
    cast(sum(refunds.granted_minor) as {{ dbt.type_bigint() }}) as granted_minor,
    cast(sum(refunds.tax_minor) as {{ dbt.type_bigint() }}) as tax_minor
from {{ ref('int_ledger__voids') }} as voids
inner join {{ ref('int_ledger__refund_parts') }} as refunds
    on
        voids.contract_key = refunds.contract_key
        and voids.invoice_id = refunds.invoice_id
        and voids.occurred_on > refunds.applied_on
group by voids.contract_key, voids.event_id
