-- One row: a fingerprint of everything that may change any contract: prices, products, accounts, the code, the last period.
with rows_of_reference as (
    select {{ row_fingerprint([
        'product_id', 'recognition_method', 'obligation', 'is_distinct', 'licence', 'role', 'taxable', 'revenue_stream',
    ]) }} as fingerprint
    from {{ ref('input_products') }}
    union all
    select {{ row_fingerprint([
        'product_id', 'currency', 'valid_from', 'valid_to', 'region', 'segment', 'term_months', 'unit', 'low_minor', 'price_minor',
        'high_minor', 'method', 'residual_weight', 'approved_by',
    ]) }} as fingerprint
    from {{ ref('input_standalone_selling_prices') }}
    union all
    select {{ row_fingerprint([
        'role', 'account_code', 'account_name', 'entity_id', 'product_id', 'revenue_stream', 'region', 'currency', 'book', 'effective_on',
    ]) }} as fingerprint
    from {{ ref('input_account_mappings') }}
    where effective_on is null or effective_on <= cast('{{ var("as_of")[:10] }}' as date)
    union all
    select {{ row_fingerprint(['rule', 'threshold']) }} as fingerprint
    from {{ ref('control_thresholds') }}
    union all
    select {{ row_fingerprint(["'" ~ code_fingerprint() ~ "'", "'" ~ var('through') ~ "'"]) }} as fingerprint
)

select cast(sum(cast(fingerprint as {{ wide_int() }})) as {{ wide_int() }}) as fingerprint
from rows_of_reference
