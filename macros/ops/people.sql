{#-
  Who acts: the name that was given and the login that the interface found. Refuses a name that is missing, or that may not do this: `roles`
  says who has which role and `role_actions` what a role may do. Where nobody has a role, any named person may act.
-#}
{% macro person(by, login, action, entity_id=none) -%}
    {%- if not by or not (by | string).strip() -%}
        {%- do refuse('nothing happens without a name; say who acts with --by NAME.') -%}
    {%- endif -%}
    {%- set found = first_row(
        'select count(*) as people, count(case when roles.person = ' ~ text_literal(by) ~ ' and actions.action in (' ~ text_literal(action)
        ~ ", '*') and (roles.entity_id = '*'" ~ (' or roles.entity_id = ' ~ text_literal(entity_id) if entity_id else '')
        ~ ') then 1 end) as allowed from ' ~ ref('roles') ~ ' as roles left join ' ~ ref('role_actions') ~ ' as actions on roles.role = actions.role'
    ) -%}
    {%- if found[0] > 0 and found[1] == 0 -%}
        {%- do refuse(by ~ ' has no role that may ' ~ action ~ (' for entity ' ~ entity_id if entity_id else '') ~ '; see seeds/roles.csv.') -%}
    {%- endif -%}
    {{ return({'actor': by | string, 'login': login or ''}) }}
{%- endmacro %}

{#- The books that an action is about: every book of the entity, or of every entity. -#}
{% macro chosen_books(entity_id) -%}
    {%- set books = [] -%}
    {%- for row in run_query(
        'select distinct entity_id, book from ' ~ ref('entity_books')
        ~ (' where entity_id = ' ~ text_literal(entity_id) if entity_id else '') ~ ' order by entity_id, book'
    ).rows -%}
        {%- do books.append({'entity_id': row[0], 'book': row[1]}) -%}
    {%- endfor -%}
    {%- if not books -%}
        {%- do refuse(('there is no entity ' ~ entity_id if entity_id else 'there are no books yet') ~ '.') -%}
    {%- endif -%}
    {{ return(books) }}
{%- endmacro %}

{#- The condition that rows, which carry their entity and book, are of these books. -#}
{% macro in_books(books, alias) -%}
    {%- set conditions = [] -%}
    {%- for chosen in books -%}
        {%- do conditions.append(
            alias ~ '.entity_id = ' ~ text_literal(chosen.entity_id) ~ ' and ' ~ alias ~ '.book = ' ~ text_literal(chosen.book)
        ) -%}
    {%- endfor -%}
    {{ return('(' ~ conditions | join(' or ') ~ ')') }}
{%- endmacro %}

{#- period_no of '2026-03'. -#}
{% macro period_no_of(period) -%}
    {%- set parts = (period or '') | string -%}
    {%- if not modules.re.match('^[0-9]{4}-(0[1-9]|1[0-2])\\Z', parts) -%}
        {%- do refuse("'" ~ parts ~ "' is not a period; a period is a month such as 2026-03.") -%}
    {%- endif -%}
    {{ return(parts[:4] | int * 12 + parts[5:] | int - 1) }}
{%- endmacro %}

{#- '2026-03' of a period_no. -#}
{% macro period_of(period_no) -%}
    {{ return('%04d-%02d' | format((period_no | int) // 12, (period_no | int) % 12 + 1)) }}
{%- endmacro %}

{#- '2026-02-28' of '2026-02'. -#}
{% macro last_day_of(period) -%}
    {%- set next_no = period_no_of(period) + 1 -%}
    {%- set first_of_next = modules.datetime.date(next_no // 12, next_no % 12 + 1, 1) -%}
    {{ return((first_of_next - modules.datetime.timedelta(days=1)).isoformat()) }}
{%- endmacro %}
