{{ config(materialized='view') }}
-- One row per account role, account, currency, period and status: opening, debits, credits and closing, by posting period; up to the moment.
{%- set columns = [
    'entity_id', 'book', 'role', 'account_code', 'currency', 'minor_units', 'functional_minor_units', 'amount_minor', 'functional_minor',
] %}
with lines as (
    select
        {{ columns | join(', ') }},
        period_no,
        'draft' as status
    from {{ ref('draft_amounts') }}
    union all
    select
        {{ columns | join(', ') }},
        posting_period_no as period_no,
        'posted' as status
    from {{ ref('posted_postings') }}
    where posting_period_no <= {{ through_period_no() }}
),

movements as (
    select
        lines.entity_id,
        lines.book,
        lines.role,
        lines.account_code,
        lines.currency,
        lines.period_no,
        lines.status,
        max(roles.natural_side) as natural_side,
        max(lines.minor_units) as minor_units,
        max(lines.functional_minor_units) as functional_minor_units
        {%- for side, sign in [('debit', ''), ('credit', '-')] %},
        cast(sum(greatest({{ sign }}lines.amount_minor, 0)) as {{ dbt.type_bigint() }}) as {{ side }}_minor,
        cast(sum(greatest({{ sign }}lines.functional_minor, 0)) as {{ dbt.type_bigint() }}) as functional_{{ side }}_minor
        {%- endfor %}
    from lines
    inner join {{ ref('account_roles') }} as roles
        on lines.role = roles.role
    group by lines.entity_id, lines.book, lines.role, lines.account_code, lines.currency, lines.period_no, lines.status
),

signed as (
    select
        movements.*
        {%- for in_books in ['', 'functional_'] %},
        case when natural_side = 'debit' then 1 else -1 end * ({{ in_books }}debit_minor - {{ in_books }}credit_minor) as {{ in_books }}net_minor
        {%- endfor %}
    from movements
),

running as (
    select
        signed.*
        {%- for in_books in ['', 'functional_'] %},
        cast(sum({{ in_books }}net_minor) over (
            partition by entity_id, book, role, account_code, currency, status
            order by period_no rows between unbounded preceding and current row
        ) as {{ dbt.type_bigint() }}) as {{ in_books }}closing_minor
        {%- endfor %},
        coalesce(
            lead(period_no) over (partition by entity_id, book, role, account_code, currency, status order by period_no) - 1,
            {{ through_period_no() }}
        ) as to_period_no
    from signed
),

-- An account keeps its line in every period after its first, so that closing is the next opening.
every_period as (
    select
        running.*,
        {{ series_value() }} as standing_period_no
    from {{ series_join('running', 'running.period_no', 'running.to_period_no') }}
),

standing as (
    select
        every_period.*,
        case when standing_period_no = period_no then 1 else 0 end as moves
    from every_period
)

select
    standing.entity_id,
    standing.book,
    standing.role,
    standing.account_code,
    standing.currency,
    periods.period,
    standing.status
    {%- for in_books in ['', 'functional_'] %}
    {%- set units = 'standing.' ~ in_books ~ 'minor_units' -%}
    {%- set closing, net = 'standing.' ~ in_books ~ 'closing_minor', 'standing.moves * standing.' ~ in_books ~ 'net_minor' %},
    {{ to_major(closing ~ ' - ' ~ net, units) }} as {{ in_books }}opening,
    {{ to_major('standing.moves * standing.' ~ in_books ~ 'debit_minor', units) }} as {{ in_books }}debit,
    {{ to_major('standing.moves * standing.' ~ in_books ~ 'credit_minor', units) }} as {{ in_books }}credit,
    {{ to_major(net, units) }} as {{ in_books }}net_change,
    {{ to_major(closing, units) }} as {{ in_books }}closing
    {%- endfor %}
from standing
inner join {{ ref('fiscal_periods') }} as periods
    on
        standing.standing_period_no = periods.period_no
        and periods.calendar = 'monthly'
