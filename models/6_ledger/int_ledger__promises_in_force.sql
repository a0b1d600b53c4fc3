-- One row per version and line of a position that is presented by condition: the days its terms are in force, and the one by which all of it is satisfied.
with positions as (
    select distinct contract_key
    from {{ ref('int_ledger__ahead_of_billing') }}
    where is_by_condition
),

members as (
    select
        contracts.contract_key,
        contracts.position_key,
        contracts.breakage
    from {{ ref('contracts') }} as contracts
    inner join positions
        on contracts.position_key = positions.contract_key
),

versions as (
    select
        versions.contract_key,
        versions.version,
        case when versions.version_order = 1 then cast('0001-01-01' as date) else versions.effective_on end as from_on,
        lead(versions.effective_on, 1, cast('9999-12-31' as date)) over (
            partition by versions.contract_key order by versions.version_order
        ) as before_on
    from {{ ref('contract_versions') }} as versions
    inner join members
        on versions.contract_key = members.contract_key
),

lines as (
    select
        members.position_key,
        members.breakage,
        lines.contract_key,
        lines.line_key,
        lines.line_id,
        lines.recognition_method,
        sum(lines.quantity) over (partition by obligations.obligation_key, versions.from_on) as quantity,
        lines.ends_on,
        lines.satisfied_on,
        lines.expires_on,
        versions.from_on,
        versions.before_on,
        obligations.obligation_key
    from {{ ref('version_lines') }} as lines
    inner join members
        on lines.contract_key = members.contract_key
    inner join versions
        on
            lines.contract_key = versions.contract_key
            and lines.version = versions.version
    left join {{ ref('obligation_lines') }} as obligations
        on lines.line_key = obligations.line_key
    -- Of two versions of one day the last holds.
    where not lines.is_discount and versions.from_on < versions.before_on
),

-- One measure counts for all lines of an obligation.
measures as (
    select distinct
        lines.obligation_key,
        progress.measured_on,
        progress.to_date,
        progress.expected
    from {{ ref('progress_measures') }} as progress
    inner join lines
        on
            progress.contract_key = lines.contract_key
            and progress.line_id = lines.line_id
),

completed as (
    select
        lines.line_key,
        lines.from_on,
        min(measures.measured_on) as measured_on,
        min(case
            when measures.to_date >= {{ measured_against('lines.recognition_method', 'measures.expected', 'lines.quantity', 'lines.breakage') }}
                then measures.measured_on
        end) as completed_on
    from lines
    inner join measures
        on lines.obligation_key = measures.obligation_key
    group by lines.line_key, lines.from_on
)

-- What is earned when it is invoiced leaves nothing to deliver; what is measured is satisfied when all of it is, or has lapsed.
select
    lines.position_key,
    lines.contract_key,
    lines.line_key,
    lines.from_on,
    lines.before_on,
    case
        when lines.recognition_method = 'on_invoice' then lines.from_on
        when lines.recognition_method in ('straight_line', 'usage', 'as_invoiced') then lines.ends_on
        when lines.recognition_method = 'point_in_time' and completed.measured_on is null then lines.satisfied_on
        when lines.recognition_method <> 'units' then completed.completed_on
        when completed.completed_on < lines.expires_on then completed.completed_on
        else coalesce(lines.expires_on, completed.completed_on)
    end as satisfied_on
from lines
left join completed
    on
        lines.line_key = completed.line_key
        and lines.from_on = completed.from_on
