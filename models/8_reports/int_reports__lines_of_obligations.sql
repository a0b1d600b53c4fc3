{{ config(materialized='view', schema='engine', contract={'enforced': false}) }}
-- One row per performance obligation and version of a contract that this build computes: its lines, in the order of the contract, its term and its price.
with promised as (
    select
        obligation_lines.obligation_key,
        version_lines.version,
        version_lines.line_id,
        version_lines.line_no,
        coalesce(version_lines.product_id, '') as product_id,
        version_lines.starts_on,
        version_lines.satisfied_on,
        version_lines.ends_on,
        version_lines.is_latest,
        prices.ssp_minor
    from {{ ref('obligation_lines') }} as obligation_lines
    inner join {{ ref('version_lines') }} as version_lines
        on obligation_lines.line_key = version_lines.line_key
    inner join {{ ref('standalone_prices') }} as prices
        on
            version_lines.line_key = prices.line_key
            and version_lines.version = prices.version
),

summed as (
    select
        obligation_key,
        version,
        count(*) as line_count,
        max(line_id) as line_id,
        max(product_id) as product_id,
        min(starts_on) as starts_on,
        min(satisfied_on) as satisfied_on,
        max(ends_on) as ends_on,
        max(case when is_latest then 1 else 0 end) as is_latest,
        cast(sum(ssp_minor) as {{ dbt.type_bigint() }}) as ssp_minor
    from promised
    group by obligation_key, version
),

-- Most obligations are one line, which needs no list.
listed as (
    select
        promised.obligation_key,
        promised.version,
        {{ dbt.listagg('promised.line_id', "'|'", 'order by promised.line_no') }} as line_ids,
        {{ dbt.listagg('promised.product_id', "'|'", 'order by promised.line_no') }} as product_ids
    from promised
    inner join summed
        on
            promised.obligation_key = summed.obligation_key
            and promised.version = summed.version
    where summed.line_count > 1
    group by promised.obligation_key, promised.version
)

select
    summed.obligation_key,
    summed.version,
    coalesce(listed.line_ids, summed.line_id) as line_ids,
    coalesce(listed.product_ids, summed.product_id) as product_ids,
    summed.starts_on,
    summed.satisfied_on,
    summed.ends_on,
    summed.is_latest,
    summed.ssp_minor
from summed
left join listed
    on
        summed.obligation_key = listed.obligation_key
        and summed.version = listed.version
