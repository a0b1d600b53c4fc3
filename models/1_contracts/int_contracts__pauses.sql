-- One row per version and line that a pause holds back: the day on which its service goes on. Paused days earn nothing (invariant 38).
with versions as (
    select
        contract_id,
        version,
        effective_on,
        version_order,
        case when change = 'pause' then resumes_on end as resumes_on
    from {{ ref('int_contracts__versions') }}
    -- Of contracts that pause; the others have nothing to compare.
    where contract_id in (select contract_id from {{ ref('int_contracts__versions') }} where change = 'pause' and resumes_on is not null)
),

lines as (
    select
        lines.*,
        versions.effective_on,
        versions.version_order,
        versions.resumes_on,
        lag(versions.version_order) over (partition by lines.contract_id, lines.line_id order by versions.version_order) as order_before,
        lag(lines.starts_on) over (partition by lines.contract_id, lines.line_id order by versions.version_order) as starts_before,
        lag(lines.ends_on) over (partition by lines.contract_id, lines.line_id order by versions.version_order) as ends_before
    from {{ ref('input_contract_lines') }} as lines
    inner join versions
        on
            lines.contract_id = versions.contract_id
            and lines.version = versions.version
),

compared as (
    select
        lines.*,
        coalesce(lines.recognition_method, products.recognition_method) = 'straight_line' as is_by_time,
        case when order_before is not null and (starts_on <> starts_before or ends_on <> ends_before) then 1 else 0 end as is_moved
    from lines
    inner join {{ ref('input_products') }} as products
        on lines.product_id = products.product_id
),

-- The lines whose term the version moves are paused; where it moves none, all that it restates.
paused as (
    select
        compared.*,
        case
            when resumes_on is not null and order_before is not null and is_by_time and ends_on >= effective_on
                and is_moved = max(is_moved) over (partition by contract_id, version)
                then version_order
        end as pause_order
    from compared
),

-- A pause holds in later versions, too, until the next.
held as (
    select
        contract_id,
        version,
        line_id,
        ends_on,
        max(pause_order) over (
            partition by contract_id, line_id order by version_order rows between unbounded preceding and current row
        ) as pause_order
    from paused
)

select
    held.contract_id,
    held.version,
    held.line_id,
    versions.version as paused_by,
    versions.resumes_on,
    versions.resumes_on <= held.ends_on as is_in_the_term
from held
inner join versions
    on
        held.contract_id = versions.contract_id
        and held.pause_order = versions.version_order
