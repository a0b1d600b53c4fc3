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

spans as (
    select
        entity_id,
        book,
        role,
        account_code,
        currency,
        status,
        natural_side,
        minor_units,
        functional_minor_units,
        min(period_no) as from_period_no,
        {{ through_period_no() }} as to_period_no
    from movements
    group by entity_id, book, role, account_code, currency, status, natural_side, minor_units, functional_minor_units
),

-- An account keeps its line in every period after its first, so that closing is the next opening.
every_period as (
    select
        spans.*,
        {{ series_value() }} as period_no
    from {{ series_join('spans', 'spans.from_period_no', 'spans.to_period_no') }}
),

filled as (
    select
        every_period.*,
        case when every_period.natural_side = 'debit' then 1 else -1 end as sign
        {%- for in_books in ['', 'functional_'] %},
        coalesce(movements.{{ in_books }}debit_minor, 0) as {{ in_books }}debit_minor,
        coalesce(movements.{{ in_books }}credit_minor, 0) as {{ in_books }}credit_minor
        {%- endfor %}
    from every_period
    left join movements
        on
            every_period.entity_id = movements.entity_id
            and every_period.book = movements.book
            and every_period.role = movements.role
            and coalesce(every_period.account_code, '') = coalesce(movements.account_code, '')
            and every_period.currency = movements.currency
            and every_period.status = movements.status
            and every_period.period_no = movements.period_no
),

running as (
    select
        filled.*
        {%- for in_books in ['', 'functional_'] %},
        sign * ({{ in_books }}debit_minor - {{ in_books }}credit_minor) as {{ in_books }}net_minor,
        cast(sum(sign * ({{ in_books }}debit_minor - {{ in_books }}credit_minor)) over (
            partition by entity_id, book, role, account_code, currency, status
            order by period_no rows between unbounded preceding and current row
        ) as {{ dbt.type_bigint() }}) as {{ in_books }}closing_minor
        {%- endfor %}
    from filled
)

select
    running.entity_id,
    running.book,
    running.role,
    running.account_code,
    running.currency,
    periods.period,
    running.status
    {%- for in_books in ['', 'functional_'] %},
    {{ to_major('running.' ~ in_books ~ 'closing_minor - running.' ~ in_books ~ 'net_minor', 'running.' ~ in_books ~ 'minor_units') }} as {{ in_books }}opening,
    {{ to_major('running.' ~ in_books ~ 'debit_minor', 'running.' ~ in_books ~ 'minor_units') }} as {{ in_books }}debit,
    {{ to_major('running.' ~ in_books ~ 'credit_minor', 'running.' ~ in_books ~ 'minor_units') }} as {{ in_books }}credit,
    {{ to_major('running.' ~ in_books ~ 'net_minor', 'running.' ~ in_books ~ 'minor_units') }} as {{ in_books }}net_change,
    {{ to_major('running.' ~ in_books ~ 'closing_minor', 'running.' ~ in_books ~ 'minor_units') }} as {{ in_books }}closing
    {%- endfor %}
from running
inner join {{ ref('fiscal_periods') }} as periods
    on
        running.period_no = periods.period_no
        and periods.calendar = 'monthly'
