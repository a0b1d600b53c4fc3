{{ config(materialized='view') }}
-- One row per invoice line that is its own promise: an invoice without a contract is its own contract.
with billed_lines as (
    select * from {{ ref('int_contracts__billed_lines') }}
),

products as (
    select * from {{ ref('input_products') }}
),

books as (
    select
        entity_id,
        book,
        service_before_invoice
    from {{ ref('entity_books') }}
),

of_invoices as (
    select
        billed_lines.contract_key,
        billed_lines.invoice_id as contract_id,
        billed_lines.book,
        billed_lines.invoice_line_id as line_id,
        billed_lines.product_id,
        1 as version,
        1 as version_order,
        billed_lines.issued_on as priced_on,
        billed_lines.issued_on as effective_on,
        case
            when billed_lines.kind = 'minimum_fee' then 'on_invoice'
            -- No period: satisfied when invoiced, unless the product is measured by its use.
            when billed_lines.starts_on is null or billed_lines.ends_on is null
                then case
                    when products.recognition_method in ('units', 'milestone', 'percent_complete', 'point_in_time')
                        then products.recognition_method
                    else 'on_invoice'
                end
            -- Use is recorded for contracts; what an invoice of its own bills for use, or by a right to invoice, is of its period.
            when products.recognition_method in ('usage', 'as_invoiced') then 'straight_line'
            else coalesce(products.recognition_method, 'straight_line')
        end as recognition_method,
        coalesce(billed_lines.quantity, 1) as quantity,
        cast(null as decimal(28, 9)) as unit_price,
        billed_lines.amount_minor,
        cast(null as {{ dbt.type_bigint() }}) as ssp_minor,
        billed_lines.starts_on,
        billed_lines.ends_on,
        -- What is earned when it is invoiced is so whatever period it names.
        case
            when billed_lines.kind = 'minimum_fee' or products.recognition_method = 'on_invoice' then billed_lines.issued_on
            else coalesce(billed_lines.starts_on, billed_lines.issued_on)
        end as satisfied_on,
        billed_lines.ends_on as expires_on,
        case when books.service_before_invoice = 'catch_up' then billed_lines.issued_on end as not_before_on,
        true as is_billed_after_service,
        cast(null as {{ dbt.type_string() }}) as discount_scope,
        cast(null as {{ dbt.type_string() }}) as exercises_line_id,
        cast(null as date) as cancellable_until,
        cast(null as {{ dbt.type_bigint() }}) as refundable_after_days,
        billed_lines.kind = 'discount' as is_discount
    from billed_lines
    inner join books
        on
            billed_lines.entity_id = books.entity_id
            and billed_lines.book = books.book
    left join products
        on billed_lines.product_id = products.product_id
    where
        billed_lines.is_invoice_only
        and billed_lines.kind in ('charge', 'credit_grant', 'minimum_fee', 'discount')
)

select * from of_invoices
