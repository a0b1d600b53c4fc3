-- One row per contract with a history, or per group of combined contracts: its facts as one text, the argument of the fold.
with history_rows as (
    select * from {{ ref('int_recognition__history_terms') }}
    union all
    select * from {{ ref('int_recognition__history_prices') }}
    union all
    select * from {{ ref('int_recognition__history_billing') }}
    union all
    select * from {{ ref('int_recognition__history_openings') }}
),

contracts as (
    select * from {{ ref('contracts') }}
    where is_folded and contract_key = group_key
),

lists as (
    select
        group_key,
        list,
        {{ dbt.listagg('row_text', "','", 'order by place, place_2, row_text') }} as rows_text
    from history_rows
    group by group_key, list
),

sides as (
    select
        group_key,
        {%- for list in ['versions', 'lines', 'scopes', 'components', 'estimates', 'progress', 'billed', 'due', 'payments', 'credits'] %}
        max(case when list = '{{ list }}' then rows_text end) as {{ list }}{{ ',' if not loop.last }}
        {%- endfor %}
    from lists
    group by group_key
)

select
    contracts.contract_key,
    concat(
        '{"policy":{"convention":"', contracts.straight_line, '","days_rule":"', contracts.straight_line_days, '","modification":"',
        contracts.modification, '","progress_rounding":"', contracts.progress_rounding, '","breakage":"', contracts.breakage,
        '","material_right_exercise":"', contracts.material_right_exercise, '","financing_expedient":', contracts.financing_one_year_expedient,
        ',"book":"', contracts.book, '"}',
        {%- for list in ['versions', 'lines', 'scopes', 'components', 'estimates', 'progress', 'billed', 'due', 'payments', 'credits'] %}
        ',"{{ list }}":[', coalesce(sides.{{ list }}, ''), ']',
        {%- endfor %}
        '}'
    ) as facts
from contracts
inner join sides
    on contracts.contract_key = sides.group_key
