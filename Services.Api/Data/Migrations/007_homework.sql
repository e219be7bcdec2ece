-- Of every create that takes an Idempotency-Key, whatever the feature; written in the transaction of the row it made.
create table if not exists idempotency_keys (
    practice_id char(36) character set ascii not null,
    user_id char(36) character set ascii not null,
    idempotency_key varchar(200) character set ascii collate ascii_bin not null,
    request_hash char(64) character set ascii not null,
    resource_id char(36) character set ascii not null,
    created_at datetime(6) not null,
    primary key (practice_id, user_id, idempotency_key)
) engine = InnoDB default character set utf8mb4;

-- An assignment is expired when it is active past due_at; nothing is written for that.
create table if not exists homework_assignments (
    id char(36) character set ascii not null primary key,
    practice_id char(36) character set ascii not null,
    client_id char(36) character set ascii not null,
    practitioner_id char(36) character set ascii not null,
    title varchar(200) not null,
    instructions text not null,
    questions mediumtext not null,
    status varchar(16) character set ascii not null,
    submissions_wanted int not null,
    submission_count int not null,
    assigned_at datetime(6) not null,
    due_at datetime(6) null,
    completed_at datetime(6) null,
    version int not null,
    key homework_assignments_client (practice_id, client_id, assigned_at, id)
) engine = InnoDB default character set utf8mb4;

create table if not exists homework_results (
    id char(36) character set ascii not null primary key,
    practice_id char(36) character set ascii not null,
    assignment_id char(36) character set ascii not null,
    client_id char(36) character set ascii not null,
    answers mediumtext not null,
    comment text null,
    score int null,
    maximum_score int null,
    submitted_at datetime(6) not null,
    feedback text null,
    feedback_at datetime(6) null,
    version int not null,
    key homework_results_assignment (practice_id, assignment_id, submitted_at, id)
) engine = InnoDB default character set utf8mb4;
