-- One row per schedule of a contract with a history, and line: the part of what the schedule earns that is the line's.
with folded as (
    select * from {{ ref('folded_contracts') }}
),

shares as (
    select
        {{ json_field(0, 'bigint') }} as schedule_key,
        {{ json_field(1, 'bigint') }} as line_key,
        {{ json_field(2, 'bigint') }} as line_count,
        {{ json_field(3, 'bigint') }} as whole_minor,
        {{ json_field(4, 'bigint') }} as upto_minor,
        {{ json_field(5, 'bigint') }} as before_minor
    from {{ json_rows_join('folded', 'folded.folded', 'shares') }}
)

select
    lines.contract_key,
    shares.schedule_key,
    shares.line_key,
    shares.line_count,
    shares.whole_minor,
    shares.upto_minor,
    shares.before_minor
from shares
inner join {{ ref('contract_terms') }} as lines
    on shares.line_key = lines.line_key
