{#- The tables of schema state, what the last complete build was made from: every column with its type. -#}
{% macro built_tables() -%}
    {%- set number = dbt.type_bigint() -%}
    {{ return({
        'built_states': {'contract_key': number, 'fingerprint': number, 'draft_state': number},
        'built_drafts': {'contract_key': number, 'first_period_no': number, 'closed_through_no': number},
        'built_batches': {'batch_id': dbt.type_string(), 'posting_period_no': number},
    }) }}
{%- endmacro %}

{#-
  on-run-start: the tables of what was built exist. A full refresh, or a table that is gone, has every contract computed anew: its key stays,
  so that what is left of it is replaced even when its inputs are gone.
-#}
{% macro prepare_built_states() %}
    {% set tables = {} %}
    {% for name in built_tables() %}
        {% do tables.update({name: source('state', name)}) %}
    {% endfor %}
    {% if execute %}
        {% set missing = [] %}
        {% for node in graph.nodes.values() if node.resource_type == 'model' and 'by_contract' in node.tags %}
            {% if adapter.get_relation(node.database, node.schema, node.alias or node.name) is none %}
                {% do missing.append(node.name) %}
            {% endif %}
        {% endfor %}
        {% do run_query('create schema if not exists ' ~ tables.built_states.without_identifier().include(database=false)) %}
        {% for name, columns in built_tables().items() %}
            {% set lines = [] %}
            {% for column, type in columns.items() %}
                {% do lines.append(column ~ ' ' ~ type) %}
            {% endfor %}
            {% do run_query('create table if not exists ' ~ tables[name] ~ ' (' ~ lines | join(', ') ~ ')') %}
        {% endfor %}
        {% if flags.FULL_REFRESH or missing %}
            {% do run_query('update ' ~ tables.built_states ~ ' set fingerprint = null, draft_state = null where 1 = 1') %}
        {% endif %}
    {% endif %}
{% endmacro %}

{#-
  post-hooks of the lists of what to compute anew: it does not count as built until a run has built all of it. A run that dies halfway leaves
  tables of two states; without this they would stay when the inputs go back to what they were.

  Usage:   post_hook=["{{ note_contracts(source('state', 'built_states'), this) }}", "{{ unmark_built(source('state', 'built_states'), 'fingerprint', this) }}"]
-#}
{% macro note_contracts(built, contracts) -%}
    {%- set number = dbt.type_bigint() %}
    insert into {{ built }} (contract_key, fingerprint, draft_state)
    select
        contract_key,
        cast(null as {{ number }}) as fingerprint,
        cast(null as {{ number }}) as draft_state
    from {{ contracts }}
    where contract_key not in (select contract_key from {{ built }})
{%- endmacro %}

{% macro unmark_built(built, column, contracts) -%}
    update {{ built }} set {{ column }} = null where contract_key in (select contract_key from {{ contracts }})
{%- endmacro %}

{#-
  on-run-end: remember what was built of the contracts that were computed anew, only if every table kept by contract was built in this run and
  every check of it passed; else they are computed, and checked, again. A check that fails in a run of its own, or asks every contract, takes back
  what was remembered.
-#}
{% macro remember_built_states(results) %}
    {% set states, drafts, batches = source('state', 'built_states'), source('state', 'built_drafts'), source('state', 'built_batches') %}
    {% set fingerprints, current, to_draft = ref('contract_fingerprints'), ref('draft_states'), ref('contracts_to_draft') %}
    {% set postings, posted, to_check = ref('draft_postings'), source('ops', 'posted_batches'), ref('contracts_to_check') %}
    {% if execute %}
        {% set wanted = [] %}
        {% for node in graph.nodes.values() if node.resource_type == 'model' and 'by_contract' in node.tags %}
            {% do wanted.append(node.unique_id) %}
        {% endfor %}
        {% set built = [] %}
        {% for result in results if result.status == 'success' and result.node.unique_id in wanted %}
            {% do built.append(result.node.unique_id) %}
        {% endfor %}
        {% set failed = results | selectattr('node.resource_type', 'equalto', 'test') | rejectattr('status', 'in', ['pass', 'warn']) | list %}
        {% if failed %}
            {% if adapter.get_relation(to_check.database, to_check.schema, to_check.identifier) is not none %}
                {% do atomically(['update ' ~ states ~ ' set fingerprint = null, draft_state = null where contract_key in (select contract_key from '
                    ~ to_check ~ ') or ' ~ var('check_every_contract')]) %}
            {% endif %}
        {% elif wanted | length > 0 and built | length == wanted | length %}
            {% set anew = 'contract_key in (select contract_key from ' ~ to_draft ~ ')' %}
            {% do atomically([
                'delete from ' ~ states ~ ' where ' ~ anew,
                'insert into ' ~ states ~ ' (contract_key, fingerprint, draft_state)'
                ~ ' select anew.contract_key, built.fingerprint, states.draft_state from ' ~ to_draft ~ ' as anew'
                ~ ' left join ' ~ fingerprints ~ ' as built on anew.contract_key = built.contract_key'
                ~ ' left join ' ~ current ~ ' as states on anew.contract_key = states.contract_key'
                ~ ' where built.contract_key is not null or states.contract_key is not null',
                'delete from ' ~ drafts ~ ' where ' ~ anew,
                first_drafts(drafts, postings, current, anew),
                'insert into ' ~ drafts ~ ' (contract_key, first_period_no, closed_through_no) select contract_key, 0, closed_through_no from '
                ~ current ~ ' where is_cut_off and ' ~ anew,
                'delete from ' ~ batches ~ ' where 1 = 1',
                'insert into ' ~ batches ~ ' (batch_id, posting_period_no) select batch_id, posting_period_no from ' ~ posted
                ~ " where known_as_of <= '" ~ var('as_of') ~ "'",
            ]) %}
        {% endif %}
    {% endif %}
{% endmacro %}

{#- The first accounting period of the drafts of these contracts: closing or opening an earlier one is no business of theirs. -#}
{% macro first_drafts(drafts, postings, states, which) -%}
    {{ return(
        'insert into ' ~ drafts ~ ' (contract_key, first_period_no, closed_through_no) select postings.contract_key, postings.first_period_no,'
        ~ ' states.closed_through_no from (select contract_key, min(accounting_period_no) as first_period_no from ' ~ postings ~ ' where ' ~ which
        ~ ' group by contract_key) as postings inner join ' ~ states ~ ' as states on postings.contract_key = states.contract_key'
    ) }}
{%- endmacro %}
