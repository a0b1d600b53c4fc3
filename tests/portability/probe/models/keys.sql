with texts as (
    select 'ascii' as what, 'abc' as text_value
    union all
    select 'empty', ''
    union all
    select 'beyond ascii', 'Zürich – 契約'
    union all
    select 'null', null
),

single as (
    select what, {{ key_of('text_value') }} as key_value from texts
),

composite as (
    select 'two columns' as what, {{ text_key(["'a'", "'b'"]) }} as key_value
    union all
    select 'separator in the first', {{ text_key(["'a|b'", "'c'"]) }}
    union all
    select 'separator in the second', {{ text_key(["'a'", "'b|c'"]) }}
    union all
    select 'escape next to separator', {{ text_key(["'a~'", "'|b'"]) }}
    union all
    select 'number, null and date', {{ text_key(['12', 'null', "date '2024-01-31'"]) }}
)

select * from single
union all
select * from composite
