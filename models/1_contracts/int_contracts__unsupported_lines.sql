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

prices as (
    select * from {{ ref('input_standalone_selling_prices') }}
),

special_lines as (
    select
        contract_id,
        case
            when refundable_on_termination then 'is refundable on termination'
            when cancellable_until is not null then 'may be cancelled'
            when termination_notice_days is not null then 'may be terminated with notice'
        end as reason,
        line_id
    from lines
    where
        refundable_on_termination
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
-- An invoice has no contract to leave a residual of.
select distinct
    terms.contract_key,
    concat('the standalone price of line ', terms.line_id, ' is a residual (606-10-32-34)') as reason
from terms
inner join agreed
    on terms.contract_key = agreed.contract_key
inner join prices
    on terms.product_id = prices.product_id
where prices.method = 'residual' and agreed.is_invoice_only
