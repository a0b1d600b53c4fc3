-- One row per contract and term of one of its lines that the engine cannot account for yet.
with agreed as (
    select * from {{ ref('int_contracts__agreed') }}
),

terms as (
    select * from {{ ref('int_contracts__terms') }}
),

lines as (
    select * from {{ ref('input_contract_lines') }}
),

products as (
    select * from {{ ref('input_products') }}
),

progress as (
    select * from {{ ref('input_progress') }}
),

prices as (
    select * from {{ ref('input_standalone_selling_prices') }}
),

books as (
    select * from {{ ref('entity_books') }}
),

special_lines as (
    select
        contract_id,
        case
            when discount_scope <> 'all' then 'is a discount that belongs to named lines (606-10-32-37)'
            when exercises_line_id is not null then 'exercises a material right (606-10-55-42)'
            when refundable_on_termination then 'is refundable on termination'
            when cancellable_until is not null then 'may be cancelled'
            when termination_notice_days is not null then 'may be terminated with notice'
        end as reason,
        line_id
    from lines
    where
        discount_scope <> 'all'
        or exercises_line_id is not null
        or refundable_on_termination
        or cancellable_until is not null
        or termination_notice_days is not null
),

-- The lines of one obligation must share one pattern of transfer.
mixed_obligations as (
    select
        terms.contract_key,
        products.obligation
    from terms
    inner join products
        on terms.product_id = products.product_id
    where products.obligation is not null
    group by terms.contract_key, products.obligation
    having
        count(distinct terms.recognition_method) > 1
        or min(terms.satisfied_on) <> max(terms.satisfied_on)
        or coalesce(min(terms.ends_on), cast('1900-01-01' as date)) <> coalesce(max(terms.ends_on), cast('1900-01-01' as date))
        or (max(terms.recognition_method) not in ('straight_line', 'point_in_time', 'on_invoice') and count(*) > 1)
)

select distinct
    agreed.contract_key,
    concat('line ', special_lines.line_id, ' ', special_lines.reason) as reason
from agreed
inner join special_lines
    on agreed.contract_id = special_lines.contract_id
where not agreed.is_invoice_only
union all
select
    contract_key,
    concat('the lines of obligation ', obligation, ' have different methods or terms') as reason
from mixed_obligations
union all
select distinct
    terms.contract_key,
    concat('line ', terms.line_id, ' is neither distinct nor part of a named obligation (606-10-25-22)') as reason
from terms
inner join products
    on terms.product_id = products.product_id
where not products.is_distinct and products.obligation is null
union all
select distinct
    terms.contract_key,
    concat('line ', terms.line_id, ' counts uninstalled materials (606-10-55-21)') as reason
from terms
inner join progress
    on
        terms.contract_id = progress.contract_id
        and terms.line_id = progress.line_id
where progress.at_cost_minor <> 0
union all
select distinct
    terms.contract_key,
    concat('the standalone price of line ', terms.line_id, ' is a residual (606-10-32-34)') as reason
from terms
inner join prices
    on terms.product_id = prices.product_id
where prices.method = 'residual'
union all
select distinct
    terms.contract_key,
    concat('the progress of line ', terms.line_id, ' is rounded by policy') as reason
from terms
inner join agreed
    on terms.contract_key = agreed.contract_key
inner join books
    on
        agreed.entity_id = books.entity_id
        and agreed.book = books.book
where books.progress_rounding <> 'none' and terms.recognition_method = 'percent_complete'
