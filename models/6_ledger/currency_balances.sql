-- One row per contract in a foreign currency, balance sheet role and period with a movement: what stands at its end, in both currencies.
with postings as (
    select * from {{ ref('translated_postings') }}
),

treatments as (
    select
        role,
        treatment
    from {{ ref('currency_treatments') }}
    where treatment in ('monetary', 'layers', 'historical')
),

movements as (
    select
        postings.contract_key,
        postings.role,
        treatments.treatment,
        postings.period_no,
        sum(postings.amount_minor) as amount_minor,
        sum(postings.functional_minor) as functional_minor,
        count(*) as posting_count
    from postings
    inner join treatments
        on postings.role = treatments.role
    group by postings.contract_key, postings.role, treatments.treatment, postings.period_no
)

select
    contract_key,
    role,
    treatment,
    period_no
    {%- for measure in ['amount_minor', 'functional_minor', 'posting_count'] %},
    cast(sum({{ measure }}) over (
        partition by contract_key, role order by period_no rows between unbounded preceding and current row
    ) as {{ dbt.type_bigint() }}) as {{ measure }}
    {%- endfor %},
    case when row_number() over (partition by contract_key, role order by period_no desc) = 1 then 1 else 0 end as is_last
from movements
