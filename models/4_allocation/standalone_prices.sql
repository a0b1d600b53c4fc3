-- One row per version and promised line: its standalone selling price, the weight of its share of the price (606-10-32-31 to 32-34).
with terms as (
    select * from {{ ref('version_lines') }}
    where not is_discount
),

contracts as (
    select * from {{ ref('contracts') }}
),

obligation_lines as (
    select * from {{ ref('obligation_lines') }}
),

price_book as (
    select * from {{ ref('price_book_lines') }}
),

priced as (
    select
        terms.contract_key,
        obligation_lines.obligation_key,
        terms.line_key,
        terms.line_no,
        terms.version,
        terms.is_latest,
        terms.is_folded,
        price_book.method = 'residual' as is_residual,
        price_book.residual_weight,
        price_book.low_minor,
        price_book.high_minor,
        price_book.price_minor,
        terms.amount_minor,
        -- What its use or its invoices price takes no share of the fixed price.
        not contracts.is_invoice_only and terms.recognition_method in ('usage', 'as_invoiced', 'on_invoice') as is_variable,
        case
            when terms.ssp_minor is not null then terms.ssp_minor
            when price_book.price_minor is null then terms.amount_minor
            when price_book.low_minor is null or price_book.high_minor is null then price_book.price_minor
            when terms.amount_minor between price_book.low_minor and price_book.high_minor
                then case contracts.ssp_in_range when 'midpoint' then price_book.price_minor else terms.amount_minor end
            when contracts.ssp_outside_range = 'midpoint' then price_book.price_minor
            when terms.amount_minor < price_book.low_minor then price_book.low_minor
            else price_book.high_minor
        end as ssp_minor
    from terms
    inner join contracts
        on terms.contract_key = contracts.contract_key
    inner join obligation_lines
        on terms.line_key = obligation_lines.line_key
    left join price_book
        on
            terms.line_key = price_book.line_key
            and terms.version = price_book.version
)

select
    contract_key,
    obligation_key,
    line_key,
    line_no,
    version,
    is_latest,
    is_folded,
    coalesce(is_residual, false) as is_residual,
    residual_weight,
    low_minor,
    high_minor,
    price_minor,
    is_variable,
    amount_minor,
    ssp_minor,
    -- A reduction with a term of its own belongs to the service it reduces and is not spread (32-37).
    not is_variable and amount_minor < 0 as is_reduction,
    case when is_variable or amount_minor < 0 then 0 else ssp_minor end as weight
from priced
