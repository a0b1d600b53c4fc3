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

{#-
  What the last build found that the one before had not, and the reverse: a row of ops.flag_events for each flag that was raised or is gone, and one row
  of the log that vouches for them and counts them by rule, before and after.
-#}
{% macro flag_rows() -%}
    {%- set events = source('ops', 'flag_events') -%}
    {%- set compared = (
        'with ranked as (select flag_id, kind, severity, rule, entity_id, book, row_number() over (partition by flag_id order by seq desc) as age from '
        ~ events ~ "), known as (select * from ranked where age = 1 and kind = 'raised'), compared as (select coalesce(found.flag_id, known.flag_id)"
        ~ " as flag_id, case when known.flag_id is null then 'raised' when found.flag_id is null then 'gone' else 'same' end as kind,"
        ~ ' coalesce(found.severity, known.severity) as severity, coalesce(found.rule, known.rule) as rule,'
        ~ ' coalesce(found.entity_id, known.entity_id) as entity_id, coalesce(found.book, known.book) as book from '
        ~ ref('anomaly_flags') ~ ' as found full outer join known on found.flag_id = known.flag_id)'
    ) -%}
    {%- set before, after, moved = {}, {}, {'raised': 0, 'gone': 0, 'same': 0} -%}
    {%- for row in run_query(
        compared ~ ' select kind, severity, rule, count(*) as flags from compared group by kind, severity, rule order by severity, rule'
    ).rows -%}
        {%- set name, flags = row[1] ~ ' ' ~ row[2], row[3] | int -%}
        {%- do moved.update({row[0]: moved[row[0]] + flags}) -%}
        {%- do before.update({name: before.get(name, 0) + (flags if row[0] != 'raised' else 0)}) -%}
        {%- do after.update({name: after.get(name, 0) + (flags if row[0] != 'gone' else 0)}) -%}
    {%- endfor -%}
    {%- if moved.raised + moved.gone == 0 -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set mine = ' from ' ~ events ~ ' as kept where kept.build_id = ' ~ text_literal(invocation_id) -%}
    {{ return([
        'insert into ' ~ events ~ ' (seq, build_id, flag_id, kind, severity, rule, entity_id, book, actor, happened_at, known_as_of)'
        ~ ' select (select coalesce(max(seq), 0) + 1 from ' ~ events ~ '), ' ~ text_literal(invocation_id)
        ~ ', flag_id, kind, severity, rule, entity_id, book, ' ~ text_literal(var('actor')) ~ ', cast(' ~ text_literal(utc_now()) ~ ' as '
        ~ dbt.type_timestamp() ~ '), ' ~ text_literal(var('as_of')) ~ ' from (' ~ compared
        ~ " select * from compared where kind <> 'same') as moved",
        log_row(
            builder(), 'flag', 'build', invocation_id, before=tojson(before), after=moved.raised ~ ' raised, ' ~ moved.gone ~ ' gone: ' ~ tojson(after),
            proof='select concat(' ~ "'content ', " ~ content_hash_of(ops_tables()['flag_events'].keys() | list, 'kept') ~ ')' ~ mine,
        ),
    ]) }}
{%- endmacro %}

{#- Add one action of an interface to the log: an export, a backup, a question of an auditor. -#}
{% macro log_action(by, action, object_type, object_id, login='', entity_id=none, book=none, before=none, after=none, reason=none) -%}
    {%- do prepare_ops() -%}
    {%- set who = person(by, login, action, entity_id) if action == 'export' else {'actor': by, 'login': login} -%}
    {%- do atomically([log_row(who, action, object_type, object_id, entity_id, book, before, after, reason)]) -%}
{%- endmacro %}
