-- One row per contract in a foreign currency to compute anew: its postings, revenue by day and rates as one text, the argument of the fold.
with postings as (
    select * from {{ ref('int_ledger__fx_postings') }}
),

foreign_contracts as (
    select * from {{ ref('foreign_contracts') }}
),

posting_texts as (
    select
        contract_key,
        posting_no as item_no,
        concat(
            '[', posting_no, ',', entry_no, ',', {{ day_number('entry_on') }}, ',', precedence, ',"', entry_type, '","', role, '","',
            treatment, '",', coalesce(line_key, 0), ',', document_key, ',', amount_minor, ',', rate_atto, ']'
        ) as item_text
    from postings
),

window_texts as (
    select
        revenue.contract_key,
        row_number() over (
            partition by revenue.contract_key order by revenue.through_on, revenue.line_key, revenue.cause, revenue.is_spread
        ) as item_no,
        concat(
            '[', postings.posting_no, ',', revenue.line_key, ',', {{ day_number('revenue.through_on') }}, ',', revenue.amount_minor, ',',
            revenue.rate_atto, ']'
        ) as item_text
    from {{ ref('int_ledger__fx_revenue') }} as revenue
    inner join postings
        on
            revenue.contract_key = postings.contract_key
            and revenue.line_key = postings.line_key
            and revenue.period_no = postings.period_no
            and revenue.cause = postings.cause
    where postings.entry_type = 'revenue' and postings.treatment = 'layers'
),

line_texts as (
    select
        contract_key,
        line_no as item_no,
        concat(
            '[', line_key, ',', coalesce(cast(billed_minor as {{ dbt.type_string() }}), 'null'), ',',
            coalesce(cast(allocated_minor as {{ dbt.type_string() }}), 'null'), ',',
            coalesce(cast({{ day_number('earned_on') }} as {{ dbt.type_string() }}), 'null'), ']'
        ) as item_text
    from {{ ref('int_ledger__fx_lines') }}
),

closing_texts as (
    select
        contract_key,
        period_no as item_no,
        concat('[', {{ day_number('ends_on') }}, ',', rate_atto, ']') as item_text
    from {{ ref('int_ledger__fx_closings') }}
),

{% for items in ['posting', 'window', 'line', 'closing'] -%}
{{ items }}s_of_contracts as (
    select
        contract_key,
        {{ dbt.listagg('item_text', "','", 'order by item_no') }} as items_text
    from {{ items }}_texts
    group by contract_key
){{ ',' if not loop.last }}

{% endfor -%}

select
    foreign_contracts.contract_key,
    concat(
        '{"scale":[', {% for units in ['functional_minor_units', 'minor_units'] %}
            case foreign_contracts.{{ units }} when 0 then '1' when 1 then '10' when 2 then '100' when 3 then '1000' else '10000' end,
            {{ "','," if not loop.last else "'000000000000000000]'," }}
        {% endfor %}
        ',"lines":[', coalesce(lines_of_contracts.items_text, ''), '],"postings":[', postings_of_contracts.items_text,
        '],"windows":[', coalesce(windows_of_contracts.items_text, ''), '],"closings":[', closings_of_contracts.items_text, ']}'
    ) as facts
from foreign_contracts
inner join postings_of_contracts
    on foreign_contracts.contract_key = postings_of_contracts.contract_key
inner join closings_of_contracts
    on foreign_contracts.contract_key = closings_of_contracts.contract_key
left join lines_of_contracts
    on foreign_contracts.contract_key = lines_of_contracts.contract_key
left join windows_of_contracts
    on foreign_contracts.contract_key = windows_of_contracts.contract_key
