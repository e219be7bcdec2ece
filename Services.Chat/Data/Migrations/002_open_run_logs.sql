-- Runs whose log has not got its last frame yet: written with the run, removed after agent_completed is in the log. Small at all times,
-- so whoever looks after logs that nobody ends reads all of it.
create table if not exists open_run_logs (
    run_id char(36) character set ascii not null,
    accepted_at datetime(6) not null,
    primary key (run_id),
    key open_run_logs_by_age (accepted_at, run_id),
    constraint open_run_logs_run foreign key (run_id) references runs (id) on delete cascade
);

insert into open_run_logs (run_id, accepted_at)
select id, accepted_at from runs where status in ('queued', 'running') and id not in (select run_id from open_run_logs);
