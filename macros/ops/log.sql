{#-
  The statement that adds one row to the audit log, hashed over the row before it. All values are text.

  Usage:   {% do atomically([insert_lines, log_row(who, 'post', 'batch', batch_id, after='12 entries')]) %}

  The hash is the SHA-256 of the previous hash, a bar, the number of the row, a bar and every value as `length:value`, in the order of
  `values` below; `revrec audit verify` computes it again in Python. `where` is a condition without which there is nothing to log; `proof` a query
  of one text that is added to `after`: the hash of what the action wrote, so that the chain vouches for it.
-#}
{% macro log_row(
    who, action, object_type, object_id, entity_id=none, book=none, before=none, after=none, reason=none, at=none, where=none, proof=none
) -%}
    {%- set log, at = source('ops', 'audit_log'), at or utc_now() -%}
    {%- set values = [at, who.actor, who.login, action, object_type, object_id, entity_id, book, before, after, reason] -%}
    {%- set proven = 'concat(' ~ text_literal((after or '') ~ ', ') ~ ', (' ~ proof ~ '))' -%}
    {%- set counted, literals = [], [] -%}
    {%- for value in values -%}
        {%- set value = '' if value is none else value | string -%}
        {%- if proof and loop.index0 == 9 -%}
            {%- do counted.append('concat(cast(length(' ~ proven ~ ') as ' ~ dbt.type_string() ~ "), ':', " ~ proven ~ ')') -%}
            {%- do literals.append(proven) -%}
        {%- else -%}
            {%- do counted.append(text_literal(value | length ~ ':' ~ value)) -%}
            {%- do literals.append(text_literal(value if value else none)) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set seq = 'coalesce(last.seq, 0) + 1' -%}
    {%- set number = 'cast(' ~ seq ~ ' as ' ~ dbt.type_string() ~ ')' -%}
    {%- set previous = "coalesce(last.row_hash, '')" -%}
    {{ return(
        'insert into ' ~ log ~ ' (seq, happened_at, at_text, actor, login, action, object_type, object_id, entity_id, book, value_before, value_after,'
        ~ ' reason, previous_hash, row_hash) select ' ~ seq ~ ', cast(' ~ literals[0] ~ ' as ' ~ dbt.type_timestamp() ~ '), ' ~ literals | join(', ')
        ~ ', ' ~ previous ~ ', ' ~ sha256_of('concat(' ~ previous ~ ", '|', " ~ number ~ ", '|', " ~ counted | join(", '|', ") ~ ')')
        ~ ' from (select 1 as one) as nothing left join (select seq, row_hash from ' ~ log
        ~ ' order by seq desc limit 1) as last on nothing.one = 1' ~ (' where ' ~ where if where else '')
    ) }}
{%- endmacro %}

{#- The moment, in UTC, with microseconds, as text. -#}
{% macro utc_now() -%}
    {{ return(modules.datetime.datetime.now(modules.pytz.utc).strftime('%Y-%m-%d %H:%M:%S.%f')) }}
{%- endmacro %}

{#- The first row of a query as a list, or none. -#}
{% macro first_row(query) -%}
    {%- set rows = run_query(query).rows -%}
    {{ return(rows[0] if rows | length > 0 else none) }}
{%- endmacro %}

{#- Stop with one sentence that a person can act on; the command line shows it and exits with 1. -#}
{% macro refuse(sentence) -%}
    {%- do exceptions.raise_compiler_error('refused: ' ~ sentence) -%}
{%- endmacro %}
