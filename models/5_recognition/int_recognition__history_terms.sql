-- One row per row of the fold's lists `versions`, `lines` and `scopes`: what the versions of a contract with a history state.
with version_lines as (
    select * from {{ ref('version_lines') }}
    where is_folded
),

prices as (
    select * from {{ ref('standalone_prices') }}
    where is_folded
),

versions as (
    select versions.*
    from {{ ref('contract_versions') }} as versions
    inner join {{ ref('contracts') }} as contracts
        on versions.contract_key = contracts.contract_key
    where contracts.is_folded
),

lines as (
    select
        version_lines.*,
        case
            when version_lines.product_id <> lag(version_lines.product_id) over (partition by version_lines.line_key order by version_lines.version_order)
                then 1
            else 0
        end as is_other_product,
        prices.obligation_key,
        coalesce(prices.ssp_minor, 0) as weight_minor,
        case when prices.is_residual then {{ millionths('coalesce(prices.residual_weight, 0)') }} end as residual_weight,
        prices.price_minor,
        prices.low_minor,
        prices.high_minor
    from version_lines
    left join prices
        on
            version_lines.line_key = prices.line_key
            and version_lines.version = prices.version
    where version_lines.is_discount or prices.line_key is not null
),

-- Lines of combined contracts keep their own order, contract by contract.
ordered as (
    select
        lines.*,
        dense_rank() over (partition by group_key order by case when contract_key = group_key then 0 else 1 end, contract_id) * 10000 + line_no as seq
    from lines
),

scopes as (
    select distinct
        discounts.group_key,
        discounts.version,
        discounts.line_key as owner_key,
        lines.line_key
    from version_lines as discounts
    inner join version_lines as lines
        on
            discounts.contract_key = lines.contract_key
            and {{ is_listed('lines.line_id', 'discounts.discount_scope') }}
    where discounts.is_discount and discounts.discount_scope <> 'all' and not lines.is_discount
)

select
    group_key,
    'versions' as list,
    contract_key as place,
    version as place_2,
    {{ json_row([
        json_number('version'), json_number(day_number('agreed_on')), json_number(day_number('effective_on')), json_word('treatment'),
        json_number('contract_key'), json_word('change'),
    ]) }} as row_text
from versions
union all
select
    group_key,
    'lines' as list,
    line_key as place,
    version as place_2,
    {{ json_row([
        json_number('version'), json_number('line_key'), json_number('seq'), json_number('contract_key'), json_number('coalesce(obligation_key, 0)'),
        json_word('recognition_method'), json_number('amount_minor'), json_number(millionths('quantity')), json_number('weight_minor'),
        json_number(day_number('starts_on')), json_number(day_number('ends_on')), json_number(day_number('satisfied_on')),
        json_number(day_number('expires_on')), json_number(day_number('not_before_on')), json_number('residual_weight'),
        json_number('price_minor'), json_number('low_minor'), json_number('high_minor'),
        json_number('case when exercises_line_id is not null then ' ~ text_key(['contract_key', 'exercises_line_id']) ~ ' end'),
        json_number('case when is_discount then 1 else 0 end'), json_number('refundable_after_days'),
        json_number('is_other_product'),
    ]) }} as row_text
from ordered
union all
select
    group_key,
    'scopes' as list,
    owner_key as place,
    line_key as place_2,
    {{ json_row([json_number('owner_key'), json_number('line_key'), json_number('version')]) }} as row_text
from scopes
