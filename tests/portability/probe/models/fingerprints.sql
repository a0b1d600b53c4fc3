{%- set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
with variants as (
    select 1 as variant, 1 as amount, 'a' as first_text, {{ no_text }} as second_text
    union all
    select 2, 1, {{ no_text }}, 'a'
    union all
    select 3, 1, 'a', ''
    union all
    select 4, 2, 'a', {{ no_text }}
    union all
    select 5, 1, '', 'a'
    union all
    select 6, 1, 'a', {{ no_text }}
)

select
    variant,
    {{ row_fingerprint(['amount', 'first_text', 'second_text']) }} as fingerprint
from variants
