-- One row per contract: the fixed consideration that is allocated to its obligations, discounts taken off (606-10-32-2).
with terms as (
    select * from {{ ref('contract_terms') }}
),

contracts as (
    select
        contract_key,
        is_invoice_only
    from {{ ref('contracts') }}
    -- What has a history of changes is priced by the fold.
    where not is_folded
)

select
    terms.contract_key,
    cast(sum(terms.amount_minor) as {{ dbt.type_bigint() }}) as fixed_minor,
    cast(sum(case when terms.is_discount then terms.amount_minor else 0 end) as {{ dbt.type_bigint() }}) as discount_minor
from terms
inner join contracts
    on terms.contract_key = contracts.contract_key
-- What is priced by its use, or by what is invoiced, is known only when it happens (606-10-32-40, 55-18).
where
    terms.is_discount
    or contracts.is_invoice_only
    or terms.recognition_method not in ('usage', 'as_invoiced', 'on_invoice')
group by terms.contract_key
