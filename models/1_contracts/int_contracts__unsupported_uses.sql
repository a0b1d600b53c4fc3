-- One row per contract and line priced by its use with a use that nothing prices, the first: it would earn nothing (606-10-32-40).
with lines as (
    select * from {{ ref('int_contracts__version_lines') }}
    where recognition_method = 'usage' and unit_price is null
),

uses as (
    select
        contract_id,
        line_id,
        used_on
    from {{ ref('input_usage') }}
    where amount_minor is null and (unit_price is null or quantity is null)
),

unpriced as (
    select
        lines.contract_key,
        lines.line_id,
        min(uses.used_on) as used_on
    from uses
    inner join lines
        on
            uses.contract_id = lines.contract_id
            and uses.line_id = lines.line_id
            and uses.used_on >= lines.in_force_from_on
            and uses.used_on < lines.in_force_before_on
    group by lines.contract_key, lines.line_id
)

select
    contract_key,
    concat(
        'the use of line ', line_id, ' on ', cast(used_on as {{ dbt.type_string() }}),
        ' has no price: give it an amount or a unit_price, or the line a unit_price'
    ) as reason
from unpriced
