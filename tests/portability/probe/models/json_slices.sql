with folded as (
    select 'two rows' as what, '{"slices":[[1,-5,"x"],[9223372036854775807,null,"y z"]],"movements":[[3]]}' as result
    union all
    select 'empty array', '{"slices":[],"movements":[[3]]}'
    union all
    select 'null array', '{"slices":null}'
    union all
    select 'no such key', '{"movements":[]}'
    union all
    select 'null text', cast(null as {{ dbt.type_string() }})
)

select
    folded.what,
    {{ json_field(0, 'bigint') }} as first_field,
    {{ json_field(1, 'bigint') }} as second_field,
    {{ json_field(2, 'string') }} as third_field
from {{ json_rows_join('folded', 'folded.result', 'slices') }}
