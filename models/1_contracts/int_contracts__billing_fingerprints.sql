{{ config(materialized='view') }}
-- One row per contract and line of an invoice that bills it: the fingerprint of that line.
-- An invoice is settled as a whole: what it bills beside the contract decides what of a payment is the contract's.
with billings as (
    select * from {{ ref('known_billings') }}
),

shared_invoices as (
    select invoice_id
    from billings
    group by invoice_id
    having min(contract_key) <> max(contract_key)
),

shared as (
    select
        billings.*,
        contracts.signed_on
    from billings
    inner join shared_invoices
        on billings.invoice_id = shared_invoices.invoice_id
    inner join {{ ref('known_contracts') }} as contracts
        on billings.contract_key = contracts.contract_key
),

sides as (
    select distinct
        contract_key,
        invoice_id
    from shared
)

select
    contract_key,
    {{ row_fingerprint([
        'line_key', 'invoice_id', 'invoice_line_id', 'kind', 'issued_on', 'due_on', 'starts_on', 'ends_on', 'booked_on', 'amount_minor',
        'pass_through_minor', 'tax_minor', 'known_at',
    ]) }} as fingerprint
from billings
union all
select
    sides.contract_key,
    {{ row_fingerprint([
        'shared.contract_key', 'shared.invoice_id', 'shared.invoice_line_id', 'shared.booked_on', 'shared.amount_minor',
        'shared.pass_through_minor', 'shared.tax_minor', 'shared.signed_on',
    ]) }} as fingerprint
from sides
inner join shared
    on sides.invoice_id = shared.invoice_id
where sides.contract_key <> shared.contract_key
