-- What the policy refused, one row for each time. A row is never changed.
create table if not exists violations (
    id char(36) character set ascii not null primary key,
    practice_id char(36) character set ascii not null,
    profile_id char(36) character set ascii not null,
    template_id varchar(100) null,
    template_name varchar(200) null,
    violation_type varchar(64) character set ascii not null,
    template_content mediumtext null,
    reason text not null,
    confidence double null,
    client_id char(36) character set ascii null,
    metadata mediumtext null,
    ip_address varchar(45) character set ascii null,
    user_agent varchar(512) null,
    recorded_by char(36) character set ascii not null,
    recorded_at datetime(6) not null,
    key violations_time (practice_id, recorded_at, id),
    key violations_profile (practice_id, profile_id, recorded_at, id)
) engine = InnoDB default character set utf8mb4;
