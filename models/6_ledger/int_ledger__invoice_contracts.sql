-- One row per invoice, book and contract it bills: what of the invoice is the contract's, and the contract's place among them.
-- An invoice is settled as a whole, so the contracts beside a changed one are here too.
with invoices as (
    select distinct invoice_id
    from {{ ref('billings') }}
),

billings as (
    select known.*
    from {{ ref('known_billings') }} as known
    inner join invoices
        on known.invoice_id = invoices.invoice_id
),

contracts as (
    select
        contract_key,
        book,
        signed_on,
        is_invoice_only
    from {{ ref('known_contracts') }}
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
        billings.invoice_line_id,
        contracts.is_invoice_only,
        contracts.signed_on,
        sequenced.contract_key is not null as is_sequenced,
        min(billings.booked_on) over (partition by billings.invoice_id, contracts.book, billings.contract_key) as booked_on,
        max(billings.booked_on) over (partition by billings.invoice_id, contracts.book, billings.contract_key) as booked_in_full_on,
        sum(billings.amount_minor + billings.tax_minor + billings.pass_through_minor) over (
            partition by billings.invoice_id, contracts.book, billings.contract_key
        ) as billed_minor,
        sum(billings.amount_minor) over (partition by billings.invoice_id, contracts.book, billings.contract_key) as billed_net_minor,
        sum(billings.tax_minor) over (partition by billings.invoice_id, contracts.book, billings.contract_key) as billed_tax_minor,
        -- A line without a day is a memo.
        sum(case when billings.booked_on is null then 0 else billings.amount_minor + billings.tax_minor + billings.pass_through_minor end) over (
            partition by billings.invoice_id, contracts.book, billings.contract_key
        ) as gross_minor,
        sum(case when billings.booked_on is null then 0 else billings.amount_minor end) over (
            partition by billings.invoice_id, contracts.book, billings.contract_key
        ) as net_minor,
        sum(case when billings.booked_on is null then 0 else billings.tax_minor end) over (
            partition by billings.invoice_id, contracts.book, billings.contract_key
        ) as tax_minor,
        row_number() over (
            partition by billings.invoice_id, contracts.book, billings.contract_key
            order by billings.invoice_line_id
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
    booked_in_full_on,
    cast(row_number() over (partition by invoice_id, book order by invoice_line_id) as {{ dbt.type_bigint() }}) as contract_no,
    cast(count(*) over (partition by invoice_id, book) as {{ dbt.type_bigint() }}) as contract_count,
    cast(billed_minor as {{ dbt.type_bigint() }}) as billed_minor,
    cast(billed_net_minor as {{ dbt.type_bigint() }}) as billed_net_minor,
    cast(billed_tax_minor as {{ dbt.type_bigint() }}) as billed_tax_minor,
    cast(gross_minor as {{ dbt.type_bigint() }}) as gross_minor,
    cast(net_minor as {{ dbt.type_bigint() }}) as net_minor,
    cast(tax_minor as {{ dbt.type_bigint() }}) as tax_minor
from ranked
where preference = 1
