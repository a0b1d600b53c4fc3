{#-
  on-run-start: the table of what was built exists. A full refresh, or a table that is gone, has every contract computed anew: its key stays,
  so that what is left of it is replaced even when its inputs are gone.
-#}
{% macro prepare_built_states() %}
    {% set built = source('state', 'built_states') %}
    {% if execute %}
        {% set missing = [] %}
        {% for node in graph.nodes.values() if node.resource_type == 'model' and 'by_contract' in node.tags %}
            {% if adapter.get_relation(node.database, node.schema, node.alias or node.name) is none %}
                {% do missing.append(node.name) %}
            {% endif %}
        {% endfor %}
        {% do run_query('create schema if not exists ' ~ built.without_identifier().include(database=false)) %}
        {% do run_query(
            'create table if not exists ' ~ built ~ ' (contract_key ' ~ dbt.type_bigint() ~ ', fingerprint ' ~ dbt.type_bigint()
            ~ ', draft_state ' ~ dbt.type_bigint() ~ ')'
        ) %}
        {% if flags.FULL_REFRESH or missing %}
            {% do run_query('update ' ~ built ~ ' set fingerprint = null, draft_state = null where 1 = 1') %}
        {% endif %}
    {% endif %}
{% endmacro %}

{#-
  post-hooks of the lists of what to compute anew: it does not count as built until a run has built all of it. A run that dies halfway leaves
  tables of two states; without this they would stay when the inputs go back to what they were.

  Usage:   post_hook=["{{ note_contracts(source('state', 'built_states'), this) }}", "{{ unmark_built(source('state', 'built_states'), 'fingerprint', this) }}"]
-#}
{% macro note_contracts(built, contracts) -%}
    insert into {{ built }} (contract_key, fingerprint, draft_state)
    select contract_key, cast(null as {{ dbt.type_bigint() }}), cast(null as {{ dbt.type_bigint() }}) from {{ contracts }}
    where contract_key not in (select contract_key from {{ built }})
{%- endmacro %}

{% macro unmark_built(built, column, contracts) -%}
    update {{ built }} set {{ column }} = null where contract_key in (select contract_key from {{ contracts }})
{%- endmacro %}

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
