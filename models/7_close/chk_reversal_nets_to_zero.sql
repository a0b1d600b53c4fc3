-- One row per document whose corrections took back more than was posted of it (invariant 10).
with corrected as (
    select distinct
        entry_contract_key,
        entry_type,
        target_source_id
    from {{ ref('posted_entries') }}
    where entry_no > 1 and target_source_id is not null
),

postings as (
    select
        lines.entity_id,
        lines.book,
        lines.entry_contract_id,
        lines.entry_key,
        lines.role,
        lines.line_key,
        max(lines.entry_date) as entry_date,
        sum(case when lines.entry_no = 1 then lines.amount_minor else 0 end) as first_minor,
        sum(lines.amount_minor) as net_minor
    from {{ ref('posted_postings') }} as lines
    inner join corrected
        on
            lines.entry_contract_key = corrected.entry_contract_key
            and lines.entry_type = corrected.entry_type
            and lines.target_source_id = corrected.target_source_id
    where lines.role in ('accounts_receivable', 'cash', 'external_asset')
    group by lines.entity_id, lines.book, lines.entry_contract_id, lines.entry_key, lines.role, lines.line_key
)

select
    entity_id,
    book,
    'reversal_nets_to_zero' as rule,
    'block' as severity,
    entry_date as flagged_on,
    entry_contract_id as contract_id,
    entry_key as entry_id,
    concat(entry_key, ':', role, ':', coalesce(cast(line_key as {{ dbt.type_string() }}), '')) as source_id,
    'zero or what was posted' as expected,
    cast(net_minor as {{ dbt.type_string() }}) as actual,
    concat('Entry ', entry_key, ' was reversed by more than was posted of it: ', role, ' stands on the other side.') as explanation,
    cast(entry_date as {{ dbt.type_timestamp() }}) as first_seen_at
from postings
where (first_minor > 0 and net_minor < 0) or (first_minor < 0 and net_minor > 0)
