-- Whatever is asked of the rows is asked of one practice and a time: they lie in that order, and need no index besides. Four of them were a third of
-- what a new row cost, and a report went from an index to its rows one by one. A call delivered twice has the same time too, and is one row still.
-- What most calls have in common need not be written for each.
set @change = if(
    exists (select 1 from information_schema.statistics where table_schema = database() and table_name = 'usage_calls' and index_name = 'usage_calls_of_practice'),
    'alter table usage_calls
        modify practice_id char(36) character set ascii collate ascii_bin not null,
        modify user_id char(36) character set ascii collate ascii_bin not null,
        modify key_id char(36) character set ascii collate ascii_bin null,
        modify run_id char(36) character set ascii collate ascii_bin null,
        modify streams boolean not null default 0,
        modify cached_input_tokens bigint not null default 0,
        modify reasoning_tokens bigint not null default 0,
        modify is_estimated boolean not null default 0,
        modify attempts int not null default 1,
        drop primary key,
        drop key usage_calls_of_practice,
        drop key usage_calls_of_user,
        drop key usage_calls_of_key,
        add primary key (practice_id, started_at, request_id)',
    'do 0');
prepare keys_of_calls from @change;
execute keys_of_calls;
deallocate prepare keys_of_calls;
