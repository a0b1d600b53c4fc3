with folded as (
    select 'bare array' as what, '[[1,"a"],[2,null]]' as result
    union all
    select 'empty', '[]'
)

select
    folded.what,
    {{ json_field(0, 'bigint') }} as first_field,
    {{ json_field(1, 'string') }} as second_field
from {{ json_rows_join('folded', 'folded.result') }}
