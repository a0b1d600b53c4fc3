with numbers as (
    select 'half is dropped' as what, 7 as a, 2 as b
    union all
    select 'exact', 8, 2
    union all
    select 'smaller than the divisor', 1, 3
    union all
    select 'zero', 0, 5
    union all
    select 'null', null, 5
),

plain as (
    select
        what,
        {{ int_div('a', 'b') }} as quotient,
        {{ int_mod('a', 'b') }} as remainder
    from numbers
),

large as (
    select
        'a double would round' as what,
        cast(9007199254740993 as bigint) as amount_minor,
        1 as days,
        1 as total_days
    union all
    select 'the product needs more than 64 bits', cast(9223372036854775807 as bigint), 365, 366
),

wide as (
    select
        what,
        {{ int_div('cast(amount_minor as ' ~ wide_int() ~ ') * days', 'total_days') }} as quotient,
        {{ int_mod('cast(amount_minor as ' ~ wide_int() ~ ') * days', 'total_days') }} as remainder
    from large
),

-- Nine digits of quantity and seven of price: sixteen of the product, all of them counted.
exact as (
    select
        'sixteen decimals' as what,
        case
            when cast('0.000000001' as {{ wide_decimal(22, 9) }}) * cast('0.0000001' as decimal(16, 7)) > 0 then 1 else 0
        end as quotient,
        0 as remainder
),

-- An amount, a rate of eighteen decimals with its whole part, and the digits of both currencies.
rates as (
    select
        'half a cent is a cent' as what,
        cast(1 as bigint) as amount_minor,
        cast('500000000000000000' as {{ wide_int() }}) as rate,
        2 as units,
        2 as functional_units
    union all
    select 'a last digit less is none', 1, cast('499999999999999999' as {{ wide_int() }}), 2, 2
    union all
    select 'all digits of a small rate', -1000000000000, cast('6711409395973154' as {{ wide_int() }}), 0, 2
    union all
    select 'all digits of a large rate', 1000000000, cast('999999999999999999999999999' as {{ wide_int() }}), 0, 0
    union all
    select 'more digits before the point', 999999999999999, cast('999999999999999999' as {{ wide_int() }}), 0, 3
    union all
    select 'more digits after the point', 999999999999999, cast('1999999999999999999' as {{ wide_int() }}), 3, 0
),

translated as (
    select
        what,
        {{ translated('amount_minor', 'rate', 'units', 'functional_units') }} as quotient,
        0 as remainder
    from rates
)

select * from plain
union all
select * from wide
union all
select * from translated
union all
select * from exact
