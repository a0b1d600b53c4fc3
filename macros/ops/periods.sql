{#- The last locked period of a set of books, as everybody knows it now; 0 for none. -#}
{% macro locked_through(entity_id, book) -%}
    {%- set last = first_row(
        'select kind, period_no from ' ~ source('ops', 'period_events') ~ " where kind in ('lock', 'reopen') and entity_id = "
        ~ text_literal(entity_id) ~ ' and book = ' ~ text_literal(book) ~ ' order by seq desc limit 1'
    ) -%}
    {{ return(0 if last is none else (last[1] if last[0] == 'lock' else last[1] - 1) | int) }}
{%- endmacro %}

{#- Lock a period and every earlier one still open; refused, with the list of what to do, while anything blocks it. -#}
{% macro lock(period, by, login='', entity_id=none, reason=none) -%}
    {%- do prepare_ops() -%}
    {%- set who, period_no = person(by, login, 'lock', entity_id), period_no_of(period) -%}
    {%- set build = complete_build() -%}
    {%- if build.through < period -%}
        {%- do refuse('the last build goes through ' ~ build.through ~ '; run `bin/revrec run --through ' ~ period ~ '` first.') -%}
    {%- elif build.as_of[:10] < last_day_of(period) -%}
        {%- do refuse(period ~ ' is not over: the last build sees the books as of ' ~ build.as_of ~ '.') -%}
    {%- endif -%}
    {%- set books, names = [], [] -%}
    {%- for chosen in chosen_books(entity_id) if locked_through(chosen.entity_id, chosen.book) < period_no -%}
        {%- do books.append(chosen) -%}
        {%- do names.extend([(chosen.entity_id, chosen.book), (chosen.entity_id, none), (none, none)]) -%}
    {%- endfor -%}
    {%- set blockers = [] -%}
    {%- for row in run_query(
        'select entity_id, book, what_to_do from ' ~ ref('close_blockers') ~ ' where (period_no is null or period_no <= ' ~ period_no ~ ')'
        ~ ' order by entity_id, book, blocker, object_id'
    ).rows if (row[0], row[1]) in names -%}
        {%- do blockers.append('- ' ~ (row[0] or 'all') ~ ' ' ~ (row[1] or '') ~ ': ' ~ row[2]) -%}
    {%- endfor -%}
    {%- if blockers -%}
        {%- do refuse(period ~ ' cannot be locked yet:\n' ~ blockers | join('\n')) -%}
    {%- endif -%}
    {%- set locks = [] -%}
    {%- for chosen in books -%}
        {%- set before = locked_through(chosen.entity_id, chosen.book) -%}
        {%- do locks.append({
            'entity_id': chosen.entity_id, 'book': chosen.book, 'from_period': period_of(before + 1) if before else '0000-01', 'to_period': period,
        }) -%}
    {%- endfor -%}
    {%- if locks -%}
        {%- do atomically(lock_statements(locks, who, build, reason)) -%}
    {%- endif -%}
{%- endmacro %}

{% macro lock_statements(locks, who, build, reason) -%}
    {%- set events, statements = source('ops', 'period_events'), [] -%}
    {%- for lock in locks -%}
        {%- do statements.append(event_row('lock', lock.entity_id, lock.book, lock.to_period, who, build, reason=reason)) -%}
    {%- endfor -%}
    {%- do statements.extend(snapshot_statements(locks, 'select entity_id, book, max(seq) as lock_seq from ' ~ events ~ ' group by entity_id, book')) -%}
    {%- for lock in locks -%}
        {%- set lock_seq = '(select max(events.seq) from ' ~ events ~ ' as events where ' ~ in_books([lock], 'events') ~ ')' -%}
        {%- do statements.append(log_row(
            who, 'lock', 'period', lock.to_period, entity_id=lock.entity_id, book=lock.book,
            before='open from ' ~ lock.from_period if lock.from_period > '0000-01' else 'nothing locked',
            after='locked through ' ~ lock.to_period ~ ' as of ' ~ build.as_of, reason=reason, proof=snapshot_proof(lock_seq),
        )) -%}
    {%- endfor -%}
    {{ return(statements) }}
{%- endmacro %}

{#-
  What locks remember: the hash of every public table by period, and the trial balance. A table is read once for all the books that are locked over
  the same periods. `seqs` is a query of the number of the lock of each set of books: entity_id, book, lock_seq.
-#}
{% macro snapshot_statements(locks, seqs) -%}
    {%- set statements = [] -%}
    {%- set columns = ['period', 'role', 'account_code', 'currency', 'opening', 'debit', 'credit', 'net_change', 'closing', 'functional_closing'] -%}
    {%- for from_period, of_first in locks | groupby('from_period') -%}
        {%- for to_period, together in of_first | groupby('to_period') -%}
            {%- set whose = ' from (' ~ seqs ~ ') as locks' -%}
            {%- for table in locked_tables() -%}
                {#- A table without periods that has no row of some books is remembered as such. -#}
                {%- set hashes = ' left join (' ~ snapshot_query(table, together, from_period, to_period) ~ ') as hashes on '
                    ~ ('locks.entity_id = hashes.entity_id and locks.book = hashes.book' if table.has_books else '1 = 1')
                    ~ ' where ' ~ in_books(together, 'locks') ~ (' and hashes.period is not null' if table.by else '') -%}
                {%- do statements.append(
                    'insert into ' ~ source('ops', 'lock_snapshots') ~ ' (lock_seq, entity_id, book, period, table_name, row_count, content_hash)'
                    ~ ' select locks.lock_seq, locks.entity_id, locks.book, ' ~ ('hashes.period' if table.by else text_literal(to_period)) ~ ', '
                    ~ text_literal(table.name) ~ ", coalesce(hashes.row_count, 0), coalesce(hashes.content_hash, '0:0')" ~ whose ~ hashes
                ) -%}
            {%- endfor -%}
            {%- do statements.append(
                'insert into ' ~ source('ops', 'locked_trial_balances') ~ ' (lock_seq, entity_id, book, ' ~ columns | join(', ')
                ~ ') select locks.lock_seq, locks.entity_id, locks.book, balances.' ~ columns | join(', balances.') ~ whose ~ ' inner join '
                ~ ref('trial_balance') ~ ' as balances on locks.entity_id = balances.entity_id and locks.book = balances.book where '
                ~ in_books(together, 'balances') ~ " and balances.status = 'posted' and balances.period between " ~ text_literal(from_period)
                ~ ' and ' ~ text_literal(to_period)
            ) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(statements) }}
{%- endmacro %}

{#- A query of one text: the hashes of all that a lock remembers. -#}
{% macro snapshot_proof(lock_seq) -%}
    {%- set parts = [] -%}
    {%- for name in ['lock_snapshots', 'locked_trial_balances'] -%}
        {%- do parts.append(
            '(select ' ~ content_hash_of(ops_tables()[name].keys() | list, 'kept') ~ ' from ' ~ source('ops', name)
            ~ ' as kept where kept.lock_seq = ' ~ lock_seq ~ ')'
        ) -%}
    {%- endfor -%}
    {{ return("select concat('snapshots ', " ~ parts | join(", ' ', ") ~ ')') }}
{%- endmacro %}

{#- For `revrec audit verify --reproduce`, in a scratch copy of the warehouse: what the locks would remember now, under their numbers negated. -#}
{% macro snapshot_again(locks) -%}
    {%- set seqs = [] -%}
    {%- for lock in locks -%}
        {%- do seqs.append(
            'select ' ~ text_literal(lock.entity_id) ~ ' as entity_id, ' ~ text_literal(lock.book) ~ ' as book, -' ~ lock.seq ~ ' as lock_seq'
        ) -%}
    {%- endfor -%}
    {%- do atomically(snapshot_statements(locks, seqs | join(' union all '))) -%}
{%- endmacro %}

{#- Let only the listed causes into a period and every earlier one: causes is a list such as 'credit_note,late_data', or '*'. -#}
{% macro soft_close(period, by, causes='', login='', entity_id=none, reason=none) -%}
    {%- do prepare_ops() -%}
    {%- set who, period_no = person(by, login, 'soft_close', entity_id), period_no_of(period) -%}
    {%- set build = complete_build() -%}
    {%- set causes = listed_causes(causes) -%}
    {%- set open_books, statements = [], [] -%}
    {%- for chosen in chosen_books(entity_id) if locked_through(chosen.entity_id, chosen.book) < period_no -%}
        {%- do open_books.append(chosen) -%}
        {%- if not is_softly_closed(chosen.entity_id, chosen.book, period_no, causes) -%}
            {%- do statements.append(event_row('soft_close', chosen.entity_id, chosen.book, period, who, build, causes=causes, reason=reason)) -%}
            {%- do statements.append(log_row(
                who, 'soft_close', 'period', period, entity_id=chosen.entity_id, book=chosen.book, after='open to: ' ~ (causes or 'nothing'), reason=reason,
            )) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not open_books -%}
        {%- do refuse(period ~ ' is locked already.') -%}
    {%- elif statements -%}
        {%- do atomically(statements) -%}
    {%- endif -%}
{%- endmacro %}

{#- 'a,b' of 'b, a,a': two lists of the same causes are one. -#}
{% macro listed_causes(causes) -%}
    {%- set listed = [] -%}
    {%- for cause in causes.split(',') if cause.strip() -%}
        {%- do listed.append(cause.strip()) -%}
    {%- endfor -%}
    {{ return(listed | unique(true) | sort | join(',')) }}
{%- endmacro %}

{#- Whether the soft close in force is this one. A reopening ends it, as in period_status. -#}
{% macro is_softly_closed(entity_id, book, period_no, causes) -%}
    {%- set last = first_row(
        'select kind, period_no, causes from ' ~ source('ops', 'period_events') ~ " where kind in ('soft_close', 'reopen') and entity_id = "
        ~ text_literal(entity_id) ~ ' and book = ' ~ text_literal(book) ~ ' order by seq desc limit 1'
    ) -%}
    {{ return(last is not none and last[0] == 'soft_close' and (last[1] | int) == period_no and (last[2] or '') == causes) }}
{%- endmacro %}

{#- Reopen a locked period and every later one. It takes two: without a second person it is a request, which another person's reopening grants. -#}
{% macro reopen(period, by, reason, login='', entity_id=none, second=none) -%}
    {%- do prepare_ops() -%}
    {%- set who, period_no = person(by, login, 'reopen', entity_id), period_no_of(period) -%}
    {%- set build = complete_build() -%}
    {%- if not reason -%}
        {%- do refuse('reopening needs a reason: --reason TEXT.') -%}
    {%- elif second and second == by -%}
        {%- do refuse('reopening takes a second person; ' ~ by ~ ' cannot be both.') -%}
    {%- elif second -%}
        {%- do person(second, login, 'reopen', entity_id) -%}
    {%- endif -%}
    {%- set statements = [] -%}
    {%- for chosen in chosen_books(entity_id) if locked_through(chosen.entity_id, chosen.book) >= period_no -%}
        {%- set request = first_row(
            'select events.actor from ' ~ source('ops', 'period_events') ~ " as events where events.kind = 'reopen_request' and events.actor <> "
            ~ text_literal(by) ~ ' and events.entity_id = ' ~ text_literal(chosen.entity_id) ~ ' and events.book = ' ~ text_literal(chosen.book)
            ~ ' and events.period_no = ' ~ period_no ~ ' and events.seq > (select max(seq) from ' ~ source('ops', 'period_events')
            ~ " as locks where locks.kind = 'lock' and locks.entity_id = events.entity_id and locks.book = events.book) order by events.seq desc limit 1"
        ) -%}
        {%- set other = second or (request[0] if request is not none else none) -%}
        {%- set kind = 'reopen' if other else 'reopen_request' -%}
        {%- do statements.append(event_row(kind, chosen.entity_id, chosen.book, period, who, build, second=other, reason=reason)) -%}
        {%- do statements.append(log_row(
            who, kind, 'period', period, entity_id=chosen.entity_id, book=chosen.book,
            before='locked through ' ~ period_of(locked_through(chosen.entity_id, chosen.book)),
            after='open from ' ~ period ~ ', with ' ~ other if other else 'waits for a second person', reason=reason,
        )) -%}
    {%- endfor -%}
    {%- if not statements -%}
        {%- do refuse(period ~ ' is not locked.') -%}
    {%- endif -%}
    {%- do atomically(statements) -%}
{%- endmacro %}

{% macro event_row(kind, entity_id, book, period, who, build, causes=none, second=none, reason=none) -%}
    {%- set events = source('ops', 'period_events') -%}
    {%- set values = [
        text_literal(entity_id), text_literal(book), text_literal(kind), period_no_of(period) | string, text_literal(causes),
        'cast(' ~ text_literal(utc_now()) ~ ' as ' ~ dbt.type_timestamp() ~ ')', text_literal(who.actor), text_literal(who.login),
        text_literal(second), text_literal(reason), text_literal(build.as_of), text_literal(build.through),
    ] -%}
    {{ return(
        'insert into ' ~ events ~ ' (seq, entity_id, book, kind, period_no, causes, happened_at, actor, login, second_actor, reason, known_as_of,'
        ~ ' through) select coalesce(max(seq), 0) + 1, ' ~ values | join(', ') ~ ' from ' ~ events
    ) }}
{%- endmacro %}
