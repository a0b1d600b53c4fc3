-- One row per invoice and book: the contract its receivable is kept under (the first, where it bills several).
with billings as (
    select * from {{ ref('billings') }}
),

contracts as (
    select
        contract_key,
        book,
        signed_on,
        is_invoice_only
    from {{ ref('contracts') }}
),

sequenced as (
    select distinct contract_key
    from {{ ref('invoice_only_events') }}
),

ranked as (
    select
        billings.invoice_id,
        contracts.book,
        billings.contract_key,
        contracts.is_invoice_only,
        contracts.signed_on,
        sequenced.contract_key is not null as is_sequenced,
        billings.booked_on,
        -- A line without a day is a memo.
        sum(case when billings.booked_on is null then 0 else billings.amount_minor + billings.tax_minor + billings.pass_through_minor end) over (
            partition by billings.invoice_id, contracts.book
        ) as gross_minor,
        sum(case when billings.booked_on is null then 0 else billings.amount_minor end) over (
            partition by billings.invoice_id, contracts.book
        ) as net_minor,
        sum(case when billings.booked_on is null then 0 else billings.tax_minor end) over (
            partition by billings.invoice_id, contracts.book
        ) as tax_minor,
        row_number() over (
            partition by billings.invoice_id, contracts.book
            order by case when billings.booked_on is null then 1 else 0 end, billings.invoice_line_id
        ) as preference
    from billings
    inner join contracts
        on billings.contract_key = contracts.contract_key
    left join sequenced
        on billings.contract_key = sequenced.contract_key
)

select
    invoice_id,
    book,
    contract_key,
    is_invoice_only,
    is_sequenced,
    signed_on,
    booked_on,
    cast(gross_minor as {{ dbt.type_bigint() }}) as gross_minor,
    cast(net_minor as {{ dbt.type_bigint() }}) as net_minor,
    cast(tax_minor as {{ dbt.type_bigint() }}) as tax_minor
from ranked
where preference = 1
