-- One row per signed or unsigned contract and book, and per invoice that is its own contract.
with contracts as (
    select * from {{ ref('input_contracts') }}
),

inception as (
    select
        contract_id,
        min(agreed_on) as agreed_on
    from {{ ref('int_contracts__versions') }}
    group by contract_id
),

books as (
    select
        entity_id,
        book
    from {{ ref('entity_books') }}
),

billed_lines as (
    select * from {{ ref('int_contracts__billed_lines') }}
),

of_contracts as (
    select
        {{ text_key(["'contract'", 'contracts.contract_id', 'books.book']) }} as contract_key,
        contracts.contract_id,
        contracts.entity_id,
        books.book,
        contracts.customer_id,
        contracts.currency,
        contracts.signed_on,
        coalesce(inception.agreed_on, contracts.signed_on) as inception_on,
        contracts.combine_with,
        coalesce(partners.combine_with, contracts.combine_with) as first_contract_id,
        contracts.netting_group,
        false as is_invoice_only,
        contracts.recorded_at
    from contracts
    inner join books
        on contracts.entity_id = books.entity_id
    left join inception
        on contracts.contract_id = inception.contract_id
    left join contracts as partners
        on contracts.combine_with = partners.contract_id
),

of_invoices as (
    select
        contract_key,
        invoice_id as contract_id,
        entity_id,
        book,
        customer_id,
        currency,
        issued_on as signed_on,
        issued_on as inception_on,
        cast(null as {{ dbt.type_string() }}) as combine_with,
        cast(null as {{ dbt.type_string() }}) as first_contract_id,
        cast(null as {{ dbt.type_string() }}) as netting_group,
        true as is_invoice_only,
        max(known_at) as recorded_at
    from billed_lines
    where is_invoice_only
    group by contract_key, invoice_id, entity_id, book, customer_id, currency, issued_on
),

combined as (
    select * from of_contracts
    union all
    select * from of_invoices
)

select
    combined.*,
    case
        when first_contract_id is null then contract_key
        else {{ text_key(["'contract'", 'first_contract_id', 'book']) }}
    end as group_key
from combined
