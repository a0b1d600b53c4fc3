{{ config(materialized='view') }}
-- One row per contract version and line: what was promised, for how much, over which term.
with agreed as (
    select * from {{ ref('int_contracts__agreed') }}
    where not is_invoice_only
),

versions as (
    select
        agreed.contract_key,
        agreed.contract_id,
        agreed.book,
        agreed.signed_on,
        agreed.inception_on,
        versions.version,
        versions.effective_on,
        versions.version_order,
        case when versions.version_order = 1 then agreed.inception_on else versions.agreed_on end as priced_on
    from {{ ref('int_contracts__versions') }} as versions
    inner join agreed
        on versions.contract_id = agreed.contract_id
),

lines as (
    select * from {{ ref('input_contract_lines') }}
),

products as (
    select * from {{ ref('input_products') }}
),

pauses as (
    select * from {{ ref('int_contracts__pauses') }}
    where is_in_the_term
),

of_contracts as (
    select
        versions.contract_key,
        versions.contract_id,
        versions.book,
        lines.line_id,
        lines.product_id,
        lines.version,
        versions.version_order,
        versions.priced_on,
        versions.effective_on,
        coalesce(lines.recognition_method, products.recognition_method) as recognition_method,
        lines.quantity,
        lines.unit_price,
        lines.amount_minor,
        lines.ssp_minor,
        -- After a pause a term begins anew.
        greatest(lines.starts_on, coalesce(pauses.resumes_on, lines.starts_on)) as starts_on,
        lines.ends_on,
        coalesce(greatest(lines.starts_on, coalesce(pauses.resumes_on, lines.starts_on)), versions.inception_on) as satisfied_on,
        coalesce(lines.expires_on, lines.ends_on) as expires_on,
        -- Service delivered before there is a contract is caught up when there is one (606-10-25-1).
        versions.signed_on as not_before_on,
        coalesce(
            lines.billing_timing = 'arrears' or coalesce(lines.recognition_method, products.recognition_method)
            in ('usage', 'as_invoiced'), false
        ) as is_billed_after_service,
        lines.discount_scope,
        lines.exercises_line_id,
        lines.cancellable_until,
        case when lines.refundable_on_termination then coalesce(lines.termination_notice_days, 0) end as refundable_after_days,
        lines.amount_minor < 0 and (lines.discount_scope is not null or lines.starts_on is null or lines.ends_on is null)
            as is_discount
    from lines
    inner join versions
        on
            lines.contract_id = versions.contract_id
            and lines.version = versions.version
    inner join products
        on lines.product_id = products.product_id
    left join pauses
        on
            lines.contract_id = pauses.contract_id
            and lines.version = pauses.version
            and lines.line_id = pauses.line_id
)

select * from of_contracts
