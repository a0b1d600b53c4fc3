{#- on-run-start: say who builds, with which knowledge. A build that does not end is a build that did not happen: nothing of it can be posted. -#}
{% macro begin_build() -%}
    {%- do [source('ops', 'audit_log'), source('ops', 'builds')] -%}
    {%- if execute and flags.WHICH in ('run', 'build') -%}
        {%- set statements, loaded = [], var('loaded') -%}
        {%- if loaded -%}
            {%- do statements.append(log_row(builder(), 'ingest', 'source', loaded.keys() | join(', '), after=tojson(loaded))) -%}
        {%- endif -%}
        {%- do statements.append(build_row('started')) -%}
        {%- do atomically(statements) -%}
    {%- endif -%}
{%- endmacro %}

{#- on-run-end: the build is complete when every model was built and no check failed; then new settings and new flags are logged, too. -#}
{% macro end_build(results) -%}
    {%- do [source('ops', 'audit_log'), source('ops', 'builds'), source('ops', 'settings'), source('ops', 'flag_events')] -%}
    {%- do [ref('policy_elections'), ref('input_account_mappings'), ref('roles'), ref('anomaly_flags')] -%}
    {%- if execute and flags.WHICH in ('run', 'build') -%}
        {%- set broken, built = [], [] -%}
        {%- for result in results -%}
            {%- if result.status in ('error', 'fail', 'skipped', 'runtime error') -%}
                {%- do broken.append(result.node.name) -%}
            {%- elif result.node.resource_type == 'model' -%}
                {%- do built.append(result.node.unique_id) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- set wanted = [] -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.config.enabled and node.config.materialized != 'ephemeral' -%}
            {%- if node.unique_id not in built -%}
                {%- do wanted.append(node.name) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- set status = 'failed' if broken else ('partial' if wanted else 'complete') -%}
        {%- set statements = settings_rows() + flag_rows() if status == 'complete' else [] -%}
        {%- do statements.append(build_row(status)) -%}
        {%- do statements.append(log_row(
            builder(), 'build', 'build', invocation_id, after=tojson({
                'status': status, 'as_of': var('as_of'), 'through': var('through'), 'models': built | length,
            }), reason=broken[:5] | join(', ') if broken else none,
        )) -%}
        {%- do atomically(statements) -%}
    {%- endif -%}
{%- endmacro %}

{% macro builder() -%}
    {{ return({'actor': var('actor'), 'login': var('login')}) }}
{%- endmacro %}

{% macro build_row(status) -%}
    {%- set builds = source('ops', 'builds') -%}
    {{ return(
        'insert into ' ~ builds ~ ' (seq, build_id, status, happened_at, actor, login, as_of, through, code) select coalesce(max(seq), 0) + 1, '
        ~ text_literal(invocation_id) ~ ', ' ~ text_literal(status) ~ ', cast(' ~ text_literal(utc_now()) ~ ' as ' ~ dbt.type_timestamp()
        ~ '), ' ~ text_literal(var('actor')) ~ ', ' ~ text_literal(var('login')) ~ ', ' ~ text_literal(var('as_of')) ~ ', '
        ~ text_literal(var('through')) ~ ', ' ~ text_literal(code_fingerprint()) ~ ' from ' ~ builds
    ) }}
{%- endmacro %}

{#-
  The last build, which must be complete and must not look behind what was decided since: an approval or a posting out of the past would
  count what it cannot see a second time.
-#}
{% macro complete_build() -%}
    {%- set last = first_row(
        'select build_id, status, as_of, through, actor from ' ~ source('ops', 'builds') ~ ' order by seq desc limit 1'
    ) -%}
    {%- if last is none -%}
        {%- do refuse('nothing was built yet; run `bin/revrec run` first.') -%}
    {%- elif last[1] != 'complete' -%}
        {%- do refuse('the last build is not complete (' ~ last[1] ~ '); run `bin/revrec run` until it is.') -%}
    {%- endif -%}
    {%- set latest = first_row(
        'select max(known_as_of) from (select max(known_as_of) as known_as_of from ' ~ source('ops', 'posted_batches')
        ~ ' union all select max(known_as_of) from ' ~ source('ops', 'period_events') ~ ') as known'
    )[0] -%}
    {%- if latest is not none and latest > last[2] -%}
        {%- do refuse(
            'the last build sees the books as of ' ~ last[2] ~ ', but they were posted or locked as of ' ~ latest
            ~ '; run `bin/revrec run --as-of` with that moment or a later one.'
        ) -%}
    {%- endif -%}
    {{ return({'build_id': last[0], 'as_of': last[2], 'through': last[3], 'actor': last[4]}) }}
{%- endmacro %}

{#- What changed in elections and mappings since they were last logged: rows for ops.settings and one row of the log for each kind. -#}
{% macro settings_rows() -%}
    {%- set settings, text = source('ops', 'settings'), dbt.type_string() -%}
    {%- set current = {
        'policy': "select concat(entity_id, '/', book, '/', policy) as name, value from " ~ ref('policy_elections') ~ ' where not is_default',
        'mapping': 'select ' ~ mapping_name() ~ " as name, max(concat(account_code, ' ', account_name)) as value from "
            ~ ref('input_account_mappings') ~ ' group by 1',
        'role': "select concat(person, '/', role, '/', entity_id) as name, 'granted' as value from " ~ ref('roles'),
    } -%}
    {%- set statements = [] -%}
    {%- for kind, query in current.items() -%}
        {%- set changes = run_query(
            'with ranked as (select name, value, row_number() over (partition by name order by seq desc) as age from ' ~ settings
            ~ " where kind = '" ~ kind ~ "'), known as (select name, value from ranked where age = 1 and value is not null), wanted as ("
            ~ query ~ ') select coalesce(wanted.name, known.name) as name, known.value as old_value, wanted.value as new_value from wanted'
            ~ ' full outer join known on wanted.name = known.name where wanted.value is null or known.value is null or wanted.value <> known.value'
            ~ ' order by 1'
        ).rows -%}
        {%- if changes | length > 0 -%}
            {%- set before, after, rows = {}, {}, [] -%}
            {%- for change in changes -%}
                {%- do before.update({change[0]: change[1]}) -%}
                {%- do after.update({change[0]: change[2]}) -%}
                {%- do rows.append('select ' ~ text_literal(change[0]) ~ ' as name, ' ~ text_literal(change[2]) ~ ' as value') -%}
            {%- endfor -%}
            {%- do statements.append(
                'insert into ' ~ settings ~ ' (seq, kind, name, value) select (select coalesce(max(seq), 0) + 1 from ' ~ settings ~ "), '"
                ~ kind ~ "', name, value from (" ~ rows | join(' union all ') ~ ') as changed'
            ) -%}
            {%- do statements.append(log_row(builder(), kind ~ '_change', kind, changes | length ~ ' changed', before=tojson(before), after=tojson(after))) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(statements) }}
{%- endmacro %}

{% macro mapping_name() -%}
    {%- set parts = ['role'] -%}
    {%- for selector in ['product_id', 'revenue_stream', 'region', 'entity_id', 'currency', 'book', 'effective_on'] -%}
        {%- do parts.append(
            'case when ' ~ selector ~ " is null then '' else concat(', " ~ selector ~ " ', cast(" ~ selector ~ ' as ' ~ dbt.type_string() ~ ')) end'
        ) -%}
    {%- endfor -%}
    {{ return('concat(' ~ parts | join(', ') ~ ')') }}
{%- endmacro %}
