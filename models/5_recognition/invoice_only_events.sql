-- One row per event that has its place in the order of an invoice that is its own contract: the facts the fold takes in sequence.
with facts as (
    select * from {{ ref('int_recognition__event_facts') }}
),

billings as (
    select * from {{ ref('billings') }}
),

obligation_lines as (
    select * from {{ ref('obligation_lines') }}
),

obligations_of_lines as (
    select
        billings.contract_key,
        billings.invoice_line_id,
        obligation_lines.obligation_key
    from billings
    inner join obligation_lines
        on billings.line_key = obligation_lines.line_key
),

passed_lines as (
    select * from {{ ref('int_recognition__passed_lines') }}
),

-- Only what changes the price, ends the service or pays before there is a right to it has an order that matters; a paid invoice is computed set-wise.
sequenced as (
    select contract_key
    from facts
    group by contract_key
    having
        max(case when kind in ('issue', 'payment') then 0 else 1 end) = 1
        or min(case when kind = 'payment' then occurred_on end) < min(case when kind = 'issue' then occurred_on end)
)

select
    facts.*,
    coalesce(obligations_of_lines.obligation_key, passed_lines.passed_key) as obligation_key,
    cast(row_number() over (
        partition by facts.contract_key order by facts.occurred_on, facts.precedence, facts.source_id, facts.source_line_id
    ) as {{ dbt.type_bigint() }}) as event_no
from facts
inner join sequenced
    on facts.contract_key = sequenced.contract_key
left join obligations_of_lines
    on
        facts.contract_key = obligations_of_lines.contract_key
        and facts.invoice_line_id = obligations_of_lines.invoice_line_id
left join passed_lines
    on
        facts.contract_key = passed_lines.contract_key
        and facts.invoice_line_id = passed_lines.invoice_line_id
