{#- on-run-start: the table of what was built exists; a full refresh forgets it, so that every contract is computed anew. -#}
{% macro prepare_built_contracts() %}
    {% set built = source('state', 'built_contracts') %}
    {% do adapter.create_schema(built.without_identifier()) %}
    {% if execute %}
        {% do run_query('create table if not exists ' ~ built ~ ' (contract_key ' ~ dbt.type_bigint() ~ ', fingerprint ' ~ dbt.type_bigint() ~ ')') %}
        {% if flags.FULL_REFRESH %}
            {% do run_query('delete from ' ~ built ~ ' where 1 = 1') %}
        {% endif %}
    {% endif %}
{% endmacro %}

{#- on-run-end: remember the fingerprints only if every table kept by contract was built in this run; else they are computed again. -#}
{% macro remember_built_contracts(results) %}
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
            {% set table = source('state', 'built_contracts') %}
            {% set fingerprints = adapter.get_relation(table.database, 'engine', 'contract_fingerprints') %}
            {% do run_query('delete from ' ~ table ~ ' where 1 = 1') %}
            {% do run_query('insert into ' ~ table ~ ' select contract_key, fingerprint from ' ~ fingerprints) %}
        {% endif %}
    {% endif %}
{% endmacro %}
