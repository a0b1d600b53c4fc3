-- One row per row of the fold's lists `components`, `scopes`, `estimates` and `progress` of contracts with a history.
with contracts as (
    select * from {{ ref('contracts') }}
    where is_folded
),

lines as (
    select * from {{ ref('contract_terms') }}
    where not is_discount
),

components as (
    select
        contracts.contract_key,
        contracts.group_key,
        {{ text_key(['contracts.contract_key', 'components.component_id']) }} as component_key,
        components.kind,
        components.origin_version,
        components.lines as scope,
        components.period_starts_on,
        components.period_ends_on,
        components.exclusive,
        components.rate
    from {{ ref('input_price_components') }} as components
    inner join contracts
        on components.contract_id = contracts.contract_id
),

scopes as (
    select
        components.group_key,
        components.component_key,
        lines.line_key
    from components
    inner join lines
        on
            components.contract_key = lines.contract_key
            and {{ is_listed('lines.line_id', 'components.scope') }}
    where components.scope is not null
),

progress as (
    select
        contracts.group_key,
        lines.line_key,
        progress.measured_on,
        progress.to_date,
        progress.expected,
        progress.at_cost_minor
    from {{ ref('progress_measures') }} as progress
    inner join contracts
        on progress.contract_key = contracts.contract_key
    inner join lines
        on
            contracts.contract_key = lines.contract_key
            and progress.line_id = lines.line_id
)

select
    group_key,
    'components' as list,
    component_key as place,
    0 as place_2,
    {{ json_row([
        json_number('component_key'), json_word('kind'), json_number('coalesce(origin_version, 1)'), json_number(day_number('period_starts_on')),
        json_number(day_number('period_ends_on')), json_number('case when exclusive then 1 else 0 end'), json_number('contract_key'),
        json_word('cast(rate as ' ~ dbt.type_string() ~ ')'),
    ]) }} as row_text
from components
union all
select
    group_key,
    'scopes' as list,
    component_key as place,
    line_key as place_2,
    {{ json_row([json_number('component_key'), json_number('line_key')]) }} as row_text
from scopes
union all
select
    group_key,
    'estimates' as list,
    component_key as place,
    {{ day_number('estimated_on') }} as place_2,
    {{ json_row([json_number('component_key'), json_number(day_number('estimated_on')), json_number('amount_minor')]) }} as row_text
from {{ ref('component_estimates') }}
union all
select
    group_key,
    'progress' as list,
    line_key as place,
    {{ day_number('measured_on') }} as place_2,
    {{ json_row([
        json_number('line_key'), json_number(day_number('measured_on')), json_number(millionths('to_date')), json_number(millionths('expected')),
        json_number('coalesce(at_cost_minor, 0)'),
    ]) }} as row_text
from progress
