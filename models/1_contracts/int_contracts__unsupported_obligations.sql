-- One row per contract and obligation of several lines that do not share one pattern of transfer, or one measure of it (606-10-25-22, 25-31).
with agreed as (
    select * from {{ ref('int_contracts__agreed') }}
),

terms as (
    select * from {{ ref('int_contracts__terms') }}
),

products as (
    select * from {{ ref('input_products') }}
),

bundled as (
    select
        terms.contract_key,
        terms.line_id,
        terms.recognition_method,
        terms.satisfied_on,
        terms.ends_on,
        coalesce(products.obligation, 'of what is not distinct') as obligation
    from terms
    inner join products
        on terms.product_id = products.product_id
    where (products.obligation is not null or not products.is_distinct) and not terms.is_discount
),

-- The lines of one obligation must share one pattern of transfer.
obligations as (
    select
        contract_key,
        obligation,
        max(recognition_method) as recognition_method,
        count(*) as line_count,
        count(distinct recognition_method) > 1
        or coalesce(min(satisfied_on) <> max(satisfied_on), false)
        or coalesce(min(ends_on), cast('1900-01-01' as date)) <> coalesce(max(ends_on), cast('1900-01-01' as date)) as is_mixed
    from bundled
    group by contract_key, obligation
),

measures as (
    select
        bundled.contract_key,
        bundled.obligation,
        bundled.line_id,
        {{ row_fingerprint(['progress.measured_on', 'progress.to_date', 'progress.expected', 'progress.at_cost_minor']) }} as print
    from bundled
    inner join agreed
        on bundled.contract_key = agreed.contract_key
    inner join {{ ref('input_progress') }} as progress
        on
            agreed.contract_id = progress.contract_id
            and bundled.line_id = progress.line_id
    where bundled.recognition_method = 'percent_complete' and not agreed.is_invoice_only
),

-- One measure counts for an obligation (606-10-25-31 to 25-33): of one of its lines, or the same of all that have any.
measured_apart as (
    select
        contract_key,
        obligation
    from measures
    group by contract_key, obligation
    having count(distinct line_id) > 1 and count(distinct line_id) * count(distinct print) <> count(*)
)

select
    contract_key,
    concat('the lines of obligation ', obligation, ' have different methods or terms') as reason
from obligations
where is_mixed
union all
select
    contract_key,
    concat('obligation ', obligation, ' has several lines that count what is delivered: measure it by percent_complete') as reason
from obligations
where not is_mixed and line_count > 1 and recognition_method not in ('straight_line', 'point_in_time', 'on_invoice', 'percent_complete')
union all
select
    contract_key,
    concat('the lines of obligation ', obligation, ' measure its progress apart: state one measure for all of it') as reason
from measured_apart
