select
    'ascii' as text_value,
    cast(7 as {{ dbt.type_bigint() }}) as bigint_value,
    date '2024-02-29' as date_value,
    cast('2024-02-29 12:30:00' as {{ dbt.type_timestamp() }}) as timestamp_value,
    true as boolean_value,
    cast('12.34' as decimal(18, 2)) as decimal_value
