-- One row per contract cost: the days it is amortised between, its own or the term of the contract as it stood when incurred (340-40-35-1).
with costs as (
    select * from {{ ref('input_contract_costs') }}
),

versions as (
    select * from {{ ref('int_contracts__versions') }}
),

lines as (
    select * from {{ ref('input_contract_lines') }}
),

products as (
    select * from {{ ref('input_products') }}
),

terms as (
    select
        versions.contract_id,
        versions.version,
        versions.agreed_on,
        min(coalesce(lines.starts_on, versions.effective_on)) as starts_on,
        -- A renewal is obtained for the term it adds.
        max(case when versions.version_order > 1 then versions.effective_on end) as not_before_on,
        max(coalesce(lines.ends_on, lines.expires_on, lines.starts_on, versions.effective_on)) as ends_on,
        max(case
            when
                lines.ends_on is null and lines.expires_on is null
                and coalesce(lines.recognition_method, products.recognition_method) not in ('point_in_time', 'on_invoice')
                then 1
            else 0
        end) as open_lines
    from versions
    inner join lines
        on
            versions.contract_id = lines.contract_id
            and versions.version = lines.version
    inner join products
        on lines.product_id = products.product_id
    group by versions.contract_id, versions.version, versions.agreed_on
),

ranked as (
    select
        costs.*,
        greatest(terms.starts_on, coalesce(terms.not_before_on, terms.starts_on)) as term_from_on,
        case when terms.open_lines = 0 then terms.ends_on end as term_to_on,
        row_number() over (
            partition by costs.cost_id
            order by
                case when terms.agreed_on <= costs.incurred_on then 0 else 1 end,
                case when terms.agreed_on <= costs.incurred_on then -terms.version else terms.version end
        ) as preference
    from costs
    left join terms
        on costs.contract_id = terms.contract_id
)

select
    cost_id,
    contract_id,
    kind,
    incurred_on,
    amount_minor,
    coalesce(amortise_from, term_from_on) as amortise_from_on,
    coalesce(amortise_to, term_to_on) as amortise_to_on,
    recorded_at
from ranked
where preference = 1
