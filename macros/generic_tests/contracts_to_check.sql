{#-
  Whether a check of single contracts asks this row: always, or without `check_every_contract` if its contract is in contracts_to_check. The others
  passed when they were computed, drafted and posted, or they would be among these (remember_built_states).

  Usage:   where {{ is_to_check('postings.contract_key') }}
           where {{ is_to_check('contract_id', by='contract_id') }}, where rows have no key; those of no contract are asked whenever one of them is
           where {{ is_to_check('entry_id', by='entry_id', entries=ref('journal_lines')) }}: the entries of these contracts, whoever else is in them
-#}
{% macro is_to_check(column='contract_key', by='contract_key', entries=none) -%}
    {%- set to_check, parties = ref('contracts_to_check'), ref('posting_parties') -%}
    {%- if by == 'contract_key' -%}
        {%- set of_those = column ~ ' in (select contract_key from ' ~ to_check ~ ')' -%}
    {%- elif by == 'entry_id' -%}
        {%- set of_those = column ~ ' in (select entry_id from ' ~ entries ~ ' where contract_key in (select contract_key from ' ~ to_check ~ '))' -%}
    {%- else -%}
        {%- set of_those = 'coalesce(' ~ column ~ ", '') in (select coalesce(parties.contract_id, '') from " ~ parties ~ ' as parties inner join ' ~ to_check
            ~ ' as to_check on parties.contract_key = to_check.contract_key)' -%}
    {%- endif -%}
    ({{ of_those }} or {{ var('check_every_contract') }})
{%- endmacro %}
