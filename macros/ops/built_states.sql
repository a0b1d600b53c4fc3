{#- on-run-start: the table of what was built exists; a full refresh forgets it, so that every contract is computed anew. -#}
{% macro prepare_built_states() %}
    {% set built = source('state', 'built_states') %}
    {% if execute %}
        {% do run_query('create schema if not exists ' ~ built.without_identifier().include(database=false)) %}
        {% do run_query(
            'create table if not exists ' ~ built ~ ' (contract_key ' ~ dbt.type_bigint() ~ ', fingerprint ' ~ dbt.type_bigint()
            ~ ', draft_state ' ~ dbt.type_bigint() ~ ')'
        ) %}
        {% if flags.FULL_REFRESH %}
            {% do run_query('delete from ' ~ built ~ ' where 1 = 1') %}
        {% endif %}
    {% endif %}
{% endmacro %}

{#- on-run-end: remember the fingerprints only if every table kept by contract was built in this run; else they are computed again. -#}
{% macro remember_built_states(results) %}
    {% set table, fingerprints, states = source('state', 'built_states'), ref('contract_fingerprints'), ref('draft_states') %}
    {% if execute %}
        {% set wanted = [] %}
        {% for node in graph.nodes.values() if node.resource_type == 'model' and 'by_contract' in node.tags %}
            {% do wanted.append(node.unique_id) %}
        {% endfor %}
        {% set built = [] %}
        {% for result in results if result.status == 'success' and result.node.unique_id in wanted %}
            {% do built.append(result.node.unique_id) %}
        {% endfor %}
        {% if wanted | length > 0 and built | length == wanted | length %}
            {% do atomically([
                'delete from ' ~ table ~ ' where 1 = 1',
                'insert into ' ~ table ~ ' (contract_key, fingerprint, draft_state)'
                ~ ' select coalesce(built.contract_key, states.contract_key), built.fingerprint, states.draft_state from '
                ~ fingerprints ~ ' as built full outer join ' ~ states ~ ' as states on built.contract_key = states.contract_key',
            ]) %}
        {% endif %}
    {% endif %}
{% endmacro %}
