-- One row per contract whose price or terms have a history, or whose price is not shared by standalone prices alone: it is folded.
with agreed as (
    select * from {{ ref('int_contracts__agreed') }}
    where not is_invoice_only
),

lines as (
    select * from {{ ref('int_contracts__version_lines') }}
),

books as (
    select * from {{ ref('entity_books') }}
),

products_by_residual as (
    select distinct product_id
    from {{ ref('input_standalone_selling_prices') }}
    where method = 'residual'
),

grouped as (
    select contract_key
    from agreed
    where combine_with is not null
    union all
    select distinct roots.contract_key
    from agreed as members
    inner join agreed as roots
        on members.group_key = roots.contract_key
    where members.combine_with is not null
),

-- Terms of a line that only the fold reads.
by_line as (
    select lines.contract_key
    from lines
    inner join agreed
        on lines.contract_key = agreed.contract_key
    inner join books
        on
            agreed.entity_id = books.entity_id
            and agreed.book = books.book
    left join products_by_residual
        on lines.product_id = products_by_residual.product_id
    where
        lines.version_order > 1
        or (lines.is_discount and lines.discount_scope <> 'all')
        or lines.exercises_line_id is not null
        or (lines.refundable_after_days is not null and lines.recognition_method = 'straight_line')
        or products_by_residual.product_id is not null
        or (books.progress_rounding <> 'none' and lines.recognition_method = 'percent_complete')
),

by_contract as (
    select contract_id from {{ ref('input_price_components') }}
    union all
    select contract_id from {{ ref('int_contracts__versions') }}
    where version_order > 1
    union all
    select contract_id from {{ ref('input_progress') }}
    where at_cost_minor <> 0
),

found as (
    select contract_key from grouped
    union all
    select contract_key from by_line
    union all
    select agreed.contract_key
    from agreed
    inner join by_contract
        on agreed.contract_id = by_contract.contract_id
    union all
    -- Off, but for the proof that the fold gives an unchanged contract the same cents (tests/properties).
    select contract_key
    from agreed
    where {{ var('fold_everything') }}
)

select distinct members.contract_key
from found
inner join agreed
    on found.contract_key = agreed.contract_key
-- Contracts that are combined are folded together (606-10-25-9).
inner join agreed as members
    on agreed.group_key = members.group_key
