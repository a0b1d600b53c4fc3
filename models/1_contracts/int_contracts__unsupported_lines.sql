-- One row per contract and term of one of its lines that the engine cannot account for yet.
with agreed as (
    select * from {{ ref('int_contracts__agreed') }}
),

terms as (
    select * from {{ ref('int_contracts__terms') }}
),

prices as (
    select * from {{ ref('input_standalone_selling_prices') }}
)

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
union all
select
    agreed.contract_key,
    concat('line ', pauses.line_id, ' ends before version ', cast(pauses.paused_by as {{ dbt.type_string() }}), ' resumes it') as reason
from {{ ref('int_contracts__pauses') }} as pauses
inner join agreed
    on pauses.contract_id = agreed.contract_id
where pauses.version = pauses.paused_by and not pauses.is_in_the_term and not agreed.is_invoice_only
union all
-- What its use or its invoices price has no part of the price that a change of method could take over.
select
    lines.contract_key,
    concat('line ', lines.line_id, ' is recognised in another way from one version to the next: end it and begin another line') as reason
from {{ ref('int_contracts__version_lines') }} as lines
where lines.version_order > 1 or not lines.is_latest
group by lines.contract_key, lines.line_id
having
    min(lines.recognition_method) <> max(lines.recognition_method)
    and max(case when lines.recognition_method in ('usage', 'as_invoiced', 'on_invoice') then 1 else 0 end) = 1
union all
-- Of what is left of a discount on all lines nobody says whose it was.
select
    lines.contract_key,
    concat('discount ', lines.line_id, ' names lines from a later version on: end it and state another one') as reason
from {{ ref('int_contracts__version_lines') }} as lines
where lines.is_discount and (lines.version_order > 1 or not lines.is_latest)
group by lines.contract_key, lines.line_id
having
    min(case when coalesce(lines.discount_scope, 'all') = 'all' then lines.version_order end)
    < max(case when coalesce(lines.discount_scope, 'all') <> 'all' then lines.version_order end)
