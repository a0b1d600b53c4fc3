-- One row per contract and price component on lines that their use or their invoices price, that the engine cannot account for yet.
with agreed as (
    select * from {{ ref('int_contracts__agreed') }}
    where not is_invoice_only
),

components as (
    select
        agreed.contract_key,
        agreed.group_key,
        components.component_id,
        components.kind,
        components.lines as scope,
        components.period_starts_on
    from {{ ref('input_price_components') }} as components
    inner join agreed
        on components.contract_id = agreed.contract_id
),

lines as (
    select
        agreed.contract_key,
        agreed.contract_id,
        agreed.group_key,
        terms.line_id,
        terms.recognition_method,
        terms.recognition_method in ('usage', 'as_invoiced', 'on_invoice') as is_priced_by_use
    from {{ ref('int_contracts__terms') }} as terms
    inner join agreed
        on terms.contract_key = agreed.contract_key
    where not terms.is_discount and agreed.group_key in (select group_key from components)
),

used as (
    select lines.contract_key, lines.line_id, usage.used_on
    from {{ ref('input_usage') }} as usage
    inner join lines
        on
            usage.contract_id = lines.contract_id
            and usage.line_id = lines.line_id
    union all
    select
        lines.contract_key,
        lines.line_id,
        case
            when lines.recognition_method = 'usage' then least(billed_lines.issued_on, coalesce(billed_lines.ends_on, billed_lines.issued_on))
            when lines.recognition_method = 'as_invoiced' and billed_lines.ends_on is not null then coalesce(billed_lines.starts_on, billed_lines.issued_on)
            else billed_lines.issued_on
        end as used_on
    from {{ ref('int_contracts__billed_lines') }} as billed_lines
    inner join lines
        on
            billed_lines.contract_key = lines.contract_key
            and billed_lines.line_id = lines.line_id
    where not billed_lines.is_invoice_only
),

first_uses as (
    select
        contract_key,
        line_id,
        min(used_on) as used_on
    from used
    group by contract_key, line_id
),

estimated as (
    select
        component_id,
        min(estimated_on) as estimated_on
    from {{ ref('input_price_estimates') }}
    where coalesce(constrained_to_minor, amount_minor) <> 0
    group by component_id
),

-- A component falls on the lines it names, or on all; among them what has a fixed price comes before what has none.
reached as (
    select
        components.contract_key,
        components.component_id,
        max(components.kind) as kind,
        max(components.period_starts_on) as period_starts_on,
        count(*) as line_count,
        sum(case when lines.is_priced_by_use then 1 else 0 end) as used_line_count,
        min(lines.line_id) as line_id,
        min(first_uses.used_on) as used_on
    from components
    inner join lines
        on
            components.group_key = lines.group_key
            and (components.scope is null or (components.contract_key = lines.contract_key and {{ is_listed('lines.line_id', 'components.scope') }}))
    left join first_uses
        on
            lines.contract_key = first_uses.contract_key
            and lines.line_id = first_uses.line_id
    group by components.contract_key, components.component_id
),

by_use as (
    select
        reached.*,
        estimated.estimated_on
    from reached
    inner join estimated
        on reached.component_id = estimated.component_id
    where reached.line_count = reached.used_line_count
)

select
    contract_key,
    concat('component ', component_id, ' falls on several lines without a fixed price: name one of them for each part (606-10-32-40)') as reason
from by_use
where line_count > 1
union all
-- How much of it belongs to a use is known only when all use to come is.
select
    contract_key,
    concat('component ', component_id, ' is estimated before the first use of line ', line_id, ', and names no period (606-10-32-40)') as reason
from by_use
where line_count = 1 and kind <> 'past_concession' and period_starts_on is null and coalesce(estimated_on < used_on, true)
