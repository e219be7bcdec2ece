-- Reports, budgets and retention ask for one practice and a time, and some for one user of it: rows lie in that order, and the users' index is the only
-- other one. Each was a tenth of what a new row costs, and a report went from an index to its rows one by one. A call delivered twice has the same time
-- too, and is one row still. What most calls have in common need not be written for each.
set @change = if(
    exists (select 1 from information_schema.statistics where table_schema = database() and table_name = 'usage_calls' and index_name = 'usage_calls_of_practice'),
    'alter table usage_calls
        alter column streams set default 0,
        alter column cached_input_tokens set default 0,
        alter column reasoning_tokens set default 0,
        alter column is_estimated set default 0,
        alter column attempts set default 1,
        drop primary key,
        drop key usage_calls_of_practice,
        drop key usage_calls_of_key,
        add primary key (practice_id, started_at, request_id)',
    'do 0');
prepare keys_of_calls from @change;
execute keys_of_calls;
deallocate prepare keys_of_calls;
