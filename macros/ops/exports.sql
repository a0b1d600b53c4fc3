{#- Remember what was exported for which ERP, by the hash of its content: one row of the outbox and of the log for each file. -#}
{% macro record_exports(by, erp, period, exports, login='') -%}
    {%- do prepare_ops() -%}
    {%- set outbox, statements = source('ops', 'export_outbox'), [] -%}
    {%- for export in exports -%}
        {%- set who = person(by, login, 'export', export.entity_id) -%}
        {%- set values = [
            text_literal(export.batch_id), text_literal(erp), period_no_of(period) | string, text_literal(export.entity_id),
            text_literal(export.book), "'exported'", text_literal(export.content_hash), text_literal(none),
            text_literal(who.actor), 'cast(' ~ text_literal(utc_now()) ~ ' as ' ~ dbt.type_timestamp() ~ ')',
        ] -%}
        {%- do statements.append(
            'insert into ' ~ outbox ~ ' (seq, batch_id, erp, posting_period_no, entity_id, book, status, content_hash, external_id, actor, happened_at)'
            ~ ' select coalesce(max(seq), 0) + 1, ' ~ values | join(', ') ~ ' from ' ~ outbox
        ) -%}
        {%- do statements.append(log_row(
            who, 'export', 'batch', export.batch_id, entity_id=export.entity_id, book=export.book,
            after=erp ~ ' ' ~ period ~ ', sha256 ' ~ export.content_hash,
        )) -%}
    {%- endfor -%}
    {%- do atomically(statements) -%}
{%- endmacro %}
