{#- Resolve an anomaly flag with the reason it may stand. A blocking flag is not resolved: its cause goes away, or an exception with an end names it. -#}
{% macro resolve_flag(flag_id, by, resolution, login='') -%}
    {%- do prepare_ops() -%}
    {%- set flag = first_row(
        'select severity, entity_id, explanation, flag_id from ' ~ ref('anomaly_flags') ~ ' where flag_id = ' ~ text_literal(flag_id)
        ~ ' or substring(flag_id, 1, 12) = ' ~ text_literal(flag_id)
    ) -%}
    {%- if flag is none -%}
        {%- do refuse('there is no flag ' ~ flag_id ~ '; `bin/revrec review` lists them.') -%}
    {%- elif flag[0] == 'block' -%}
        {%- do refuse('a blocking flag is not resolved by hand: mend its cause, or name it in seeds/control_exceptions.csv until a date.') -%}
    {%- elif not resolution -%}
        {%- do refuse('say why the flag may stand: --reason TEXT.') -%}
    {%- endif -%}
    {%- set who, build, flag_id = person(by, login, 'resolve', flag[1]), complete_build(), flag[3] -%}
    {%- set table = source('ops', 'flag_resolutions') -%}
    {%- do atomically([
        'insert into ' ~ table ~ ' (seq, flag_id, resolution, actor, login, happened_at, known_as_of) select coalesce(max(seq), 0) + 1, '
        ~ text_literal(flag_id) ~ ', ' ~ text_literal(resolution) ~ ', ' ~ text_literal(who.actor) ~ ', ' ~ text_literal(who.login)
        ~ ', cast(' ~ text_literal(utc_now()) ~ ' as ' ~ dbt.type_timestamp() ~ '), ' ~ text_literal(build.as_of) ~ ' from ' ~ table,
        log_row(who, 'resolve', 'flag', flag_id, entity_id=flag[1], before=flag[2], after=resolution),
    ]) -%}
{%- endmacro %}

{#- Add one action of an interface to the log: an export, a backup, a question of an auditor. -#}
{% macro log_action(by, action, object_type, object_id, login='', entity_id=none, book=none, before=none, after=none, reason=none) -%}
    {%- do prepare_ops() -%}
    {%- set who = person(by, login, action, entity_id) if action == 'export' else {'actor': by, 'login': login} -%}
    {%- do atomically([log_row(who, action, object_type, object_id, entity_id, book, before, after, reason)]) -%}
{%- endmacro %}
