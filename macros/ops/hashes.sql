{#-
  A hash of many rows that does not depend on their order: two sums of 60-bit keys of the text of each row, one of each half of its md5, as text.
  It is of one engine: how a decimal or a moment reads as text differs between them.
-#}
{% macro content_hash_of(columns, alias) -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append("coalesce(cast(" ~ alias ~ '.' ~ column ~ ' as ' ~ dbt.type_string() ~ "), '~')") -%}
    {%- endfor -%}
    {#- Postgres takes a hundred arguments at most. -#}
    {%- set pieces = [] -%}
    {%- for some in parts | batch(40) -%}
        {%- do pieces.append('concat(' ~ some | join(", '|', ") ~ ')') -%}
    {%- endfor -%}
    {%- set text = 'concat(' ~ pieces | join(", '|', ") ~ ')' -%}
    {%- set sums = [] -%}
    {%- for side in ['left', 'right'] -%}
        {%- set key = key_of(text, side) -%}
        {%- do sums.append('coalesce(cast(sum(cast(' ~ key ~ ' as ' ~ wide_int() ~ ')) as ' ~ dbt.type_string() ~ "), '0')") -%}
    {%- endfor -%}
    {{ return('concat(' ~ sums | join(", ':', ") ~ ')') }}
{%- endmacro %}

{#- The public tables whose rows a lock remembers: name -> relation, columns, and how a row says its period. -#}
{% macro locked_tables() -%}
    {%- set tables = [] -%}
    {%- for node in graph.nodes.values() | sort(attribute='name') if node.resource_type == 'model' and node.schema == 'reports' and node.name != 'audit_log' -%}
        {%- set names, quoted = [], [] -%}
        {%- for column in node.columns.values() -%}
            {%- do names.append(column.name) -%}
            {%- do quoted.append(adapter.quote(column.name) if column.quote else column.name) -%}
        {%- endfor -%}
        {%- set by = 'period' if 'period' in names else 'posting_period' if 'posting_period' in names else 'recognized_on' if 'recognized_on' in names
            else 'entry_id' if 'entry_id' in names else none -%}
        {%- do tables.append({
            'name': node.name, 'columns': quoted, 'by': by, 'has_books': 'entity_id' in names and 'book' in names,
            'relation': api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias or node.name),
        }) -%}
    {%- endfor -%}
    {{ return(tables) }}
{%- endmacro %}

{#-
  The query that hashes a public table for the periods of these books: row_count, content_hash by entity_id, book and period. A table without
  periods, or without books, is hashed whole and has no such column.
-#}
{% macro snapshot_query(table, books, from_period, to_period) -%}
    {%- set mine = in_books(books, 'hashed') if table.has_books else '1 = 1' -%}
    {%- set span = ' between ' ~ text_literal(from_period) ~ ' and ' ~ text_literal(to_period) -%}
    {%- set relation, columns = table.relation, table.columns -%}
    {%- set joined, period = '', 'hashed.' ~ table.by -%}
    {%- if table.by in ('recognized_on', 'entry_id') -%}
        {%- set period = 'periods.period' -%}
        {%- set joined = ' inner join ' ~ ref('fiscal_periods') ~ " as periods on periods.calendar = 'monthly' and hashed.period_no = periods.period_no" -%}
    {%- endif -%}
    {%- if table.name == 'daily_recognition' -%}
        {%- set columns = table.columns | reject('in', ['recognized_on', 'amount']) | list + ['minor_units', 'first_sum', 'second_sum'] -%}
        {%- set relation = months_of_days(books, from_period, to_period) -%}
    {%- elif table.by == 'entry_id' -%}
        {#- The lines of the journal, each with the period it is booked in: without a look at the entries of all others. -#}
        {%- set of_span = ' between ' ~ period_no_of(from_period) ~ ' and ' ~ period_no_of(to_period) -%}
        {%- set relation = '(select ' ~ table.columns | join(', ') ~ ', period_no from ' ~ ref('draft_lines') ~ ' where period_no' ~ of_span
            ~ ' union all select ' ~ table.columns | join(', ') ~ ', posting_period_no from ' ~ ref('posted_postings') ~ ' where posting_period_no'
            ~ of_span ~ ')' -%}
    {%- endif -%}
    {%- set by = (['hashed.entity_id', 'hashed.book'] if table.has_books else []) + ([period] if table.by else []) -%}
    {%- set named = (['hashed.entity_id', 'hashed.book'] if table.has_books else []) + ([period ~ ' as period'] if table.by else []) -%}
    {%- set hashes = ['count(*) as row_count', content_hash_of(columns, 'hashed') ~ ' as content_hash'] -%}
    {{ return(
        'select ' ~ (named + hashes) | join(', ') ~ ' from ' ~ relation ~ ' as hashed' ~ joined
        ~ ' where ' ~ mine ~ (' and ' ~ period ~ span if table.by else '') ~ (' group by ' ~ by | join(', ') if by else '')
    ) }}
{%- endmacro %}

{#-
  The days of daily_recognition as one row per line, month and cause: their amounts as two sums, each with a weight of its own for every day, 31 bits
  of a key of its date. An amount that changes, or moves to another day, changes the sums, and no day needs a text of its own.
-#}
{% macro months_of_days(books, from_period, to_period) -%}
    {#- As dates, so that the view of all days makes no others. -#}
    {%- set asked = ' <= cast(' ~ text_literal(last_day_of(to_period)) ~ ' as date)' -%}
    {%- set first = ' >= cast(' ~ text_literal(from_period ~ '-01') ~ ' as date)' if from_period > '0000-01' else none -%}
    {%- set weights, sums = [], [] -%}
    {%- for name, side in [('first', 'left'), ('second', 'right')] -%}
        {%- set key = key_of('cast(day_on as ' ~ dbt.type_string() ~ ')', side) -%}
        {%- do weights.append(int_mod(key, '2147483647') ~ ' as ' ~ name ~ '_weight') -%}
        {%- do sums.append('sum(cast(amounts.amount_minor as ' ~ wide_int() ~ ') * days.' ~ name ~ '_weight) as ' ~ name ~ '_sum') -%}
    {%- endfor -%}
    {{ return(
        '(select parties.entity_id, parties.book, parties.contract_id, lines.obligation_id, lines.line_id, parties.currency, parties.minor_units,'
        ~ ' months.cause, months.period_no, months.first_sum, months.second_sum from (select amounts.contract_key, amounts.line_key, amounts.cause,'
        ~ ' days.period_no, ' ~ sums | join(', ') ~ ' from ' ~ ref('int_reports__day_amounts') ~ ' as amounts inner join'
        ~ ' (select day_on, period_no, ' ~ weights | join(', ') ~ ' from ' ~ ref('calendar_days') ~ ' where day_on' ~ asked
        ~ (' and day_on' ~ first if first else '') ~ ') as days on amounts.recognized_on = days.day_on where amounts.recognized_on' ~ asked
        ~ (' and amounts.recognized_on' ~ first if first else '') ~ ' and amounts.contract_key in (select contract_key from '
        ~ ref('posting_parties') ~ ' as parties where ' ~ in_books(books, 'parties') ~ ')'
        ~ ' group by amounts.contract_key, amounts.line_key, amounts.cause, days.period_no) as months'
        ~ ' left join ' ~ ref('posting_parties') ~ ' as parties on months.contract_key = parties.contract_key'
        ~ ' left join ' ~ ref('posting_lines') ~ ' as lines on months.line_key = lines.line_key)'
    ) }}
{%- endmacro %}
