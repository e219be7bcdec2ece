-- Writes that tools made at the neighbours. A row is begun before the call goes out; started means that nobody knows whether it was done.
-- No contents: the arguments as a hash, the outcome without the written text. Goes with its run, and so with its thread.
create table if not exists tool_calls (
    practice_id char(36) character set ascii not null,
    run_id char(36) character set ascii not null,
    call_key varchar(128) character set ascii collate ascii_bin not null,
    tool varchar(64) character set ascii not null,
    arguments_hash char(64) character set ascii not null,
    status varchar(16) character set ascii not null,
    outcome mediumtext character set utf8mb4 null,
    started_at datetime(6) not null,
    ended_at datetime(6) null,
    primary key (practice_id, run_id, call_key),
    key tool_calls_of_run (run_id),
    constraint tool_calls_run foreign key (run_id) references runs (id) on delete cascade
);
