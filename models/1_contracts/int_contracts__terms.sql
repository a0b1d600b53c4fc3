-- One row per contract line of the latest version, and per invoice line that is its own promise.
with agreed as (
    select * from {{ ref('int_contracts__agreed') }}
),

versions as (
    select
        contract_id,
        max(version) as version
    from {{ ref('input_contract_versions') }}
    where voided_on is null
    group by contract_id
),

lines as (
    select * from {{ ref('input_contract_lines') }}
),

billed_lines as (
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

of_contracts as (
    select
        agreed.contract_key,
        agreed.contract_id,
        agreed.book,
        lines.line_id,
        lines.product_id,
        lines.version,
        coalesce(lines.recognition_method, products.recognition_method) as recognition_method,
        lines.quantity,
        lines.unit_price,
        lines.amount_minor,
        lines.ssp_minor,
        lines.starts_on,
        lines.ends_on,
        coalesce(lines.starts_on, agreed.inception_on) as satisfied_on,
        coalesce(lines.expires_on, lines.ends_on) as expires_on,
        -- Service delivered before there is a contract is caught up when there is one (606-10-25-1).
        agreed.signed_on as not_before_on,
        coalesce(
            lines.billing_timing = 'arrears' or coalesce(lines.recognition_method, products.recognition_method)
            in ('usage', 'as_invoiced'), false
        ) as is_billed_after_service,
        lines.amount_minor < 0 and (lines.discount_scope is not null or lines.starts_on is null or lines.ends_on is null)
            as is_discount
    from lines
    inner join versions
        on
            lines.contract_id = versions.contract_id
            and lines.version = versions.version
    inner join agreed
        on
            lines.contract_id = agreed.contract_id
            and not agreed.is_invoice_only
    inner join products
        on lines.product_id = products.product_id
),

of_invoices as (
    select
        billed_lines.contract_key,
        billed_lines.invoice_id as contract_id,
        billed_lines.book,
        billed_lines.invoice_line_id as line_id,
        billed_lines.product_id,
        1 as version,
        case
            when billed_lines.kind = 'minimum_fee' then 'on_invoice'
            -- No period: satisfied when invoiced, unless the product is measured by its use.
            when billed_lines.starts_on is null or billed_lines.ends_on is null
                then case
                    when products.recognition_method in ('units', 'milestone', 'percent_complete', 'point_in_time')
                        then products.recognition_method
                    else 'on_invoice'
                end
            else coalesce(products.recognition_method, 'straight_line')
        end as recognition_method,
        coalesce(billed_lines.quantity, 1) as quantity,
        cast(null as decimal(28, 9)) as unit_price,
        billed_lines.amount_minor,
        cast(null as {{ dbt.type_bigint() }}) as ssp_minor,
        billed_lines.starts_on,
        billed_lines.ends_on,
        coalesce(billed_lines.starts_on, billed_lines.issued_on) as satisfied_on,
        billed_lines.ends_on as expires_on,
        case when books.service_before_invoice = 'catch_up' then billed_lines.issued_on end as not_before_on,
        true as is_billed_after_service,
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
),

combined as (
    select * from of_contracts
    union all
    select * from of_invoices
)

select
    {{ text_key(['contract_key', 'line_id']) }} as line_key,
    combined.*,
    -- The sequence that decides ties: L2 comes before L10.
    cast(row_number() over (partition by contract_key order by length(line_id), line_id) as {{ dbt.type_bigint() }}) as line_no
from combined
