-- A value no rule knows would fall through to another treatment without a word.
select elections.*
from {{ ref('policy_elections') }} as elections
left join {{ ref('policy_values') }} as known
    on
        elections.policy = known.policy
        and known.value in (elections.value, '*')
where known.policy is null
