-- An obligation satisfied over time needs its first and last day, one satisfied at once its day.
-- Without them it is never recognised.
select *
from {{ ref('obligations') }}
where
    satisfied_on is null
    or (recognition_method = 'straight_line' and (starts_on is null or ends_on is null or ends_on < starts_on))
