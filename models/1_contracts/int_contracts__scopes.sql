-- One row per contract that another one's numbers may depend on, and what they have in common: these are computed together.
-- Contracts depend on each other when they are presented net, or when one invoice bills both.
with contracts as (
    select
        contract_key,
        position_key
    from {{ ref('known_contracts') }}
),

nets as (
    select position_key
    from contracts
    group by position_key
    having count(*) > 1
),

billed as (
    select distinct
        invoice_id,
        book,
        contract_key
    from {{ ref('int_contracts__billed_lines') }}
),

shared_invoices as (
    select
        invoice_id,
        book
    from billed
    group by invoice_id, book
    having count(*) > 1
),

ties as (
    select
        contracts.contract_key,
        contracts.position_key as tie_key
    from contracts
    inner join nets
        on contracts.position_key = nets.position_key
    union distinct
    select
        billed.contract_key,
        {{ text_key(["'invoices'", 'invoices.customer_id', 'billed.book']) }} as tie_key
    from billed
    inner join shared_invoices
        on
            billed.invoice_id = shared_invoices.invoice_id
            and billed.book = shared_invoices.book
    inner join {{ ref('input_invoices') }} as invoices
        on billed.invoice_id = invoices.invoice_id
),

-- A contract with two ties knots them; all contracts that are knotted are one scope, so that no chain of them has to be followed.
knots as (
    select distinct ties.tie_key
    from ties
    inner join (select contract_key from ties group by contract_key having count(*) > 1) as knotted
        on ties.contract_key = knotted.contract_key
)

select
    ties.contract_key,
    max(case when knots.tie_key is null then ties.tie_key else -1 end) as scope_key
from ties
left join knots
    on ties.tie_key = knots.tie_key
group by ties.contract_key
