-- Conversations: threads are trees of messages by parent; a run is the work between a user's message and its answer.
create table if not exists threads (
    id char(36) character set ascii not null,
    practice_id char(36) character set ascii not null,
    user_id char(36) character set ascii not null,
    title varchar(200) character set utf8mb4 not null,
    head_message_id char(36) character set ascii null,
    created_at datetime(6) not null,
    updated_at datetime(6) not null,
    primary key (id),
    key threads_of_user (practice_id, user_id, updated_at, id)
);

create table if not exists messages (
    id char(36) character set ascii not null,
    thread_id char(36) character set ascii not null,
    parent_id char(36) character set ascii null,
    run_id char(36) character set ascii null,
    role varchar(16) character set ascii not null,
    content mediumtext character set utf8mb4 not null,
    status varchar(16) character set ascii not null,
    created_at datetime(6) not null,
    primary key (id),
    key messages_of_thread (thread_id, created_at, id),
    key messages_of_run (run_id),
    constraint messages_thread foreign key (thread_id) references threads (id) on delete cascade
);

create table if not exists runs (
    id char(36) character set ascii not null,
    practice_id char(36) character set ascii not null,
    user_id char(36) character set ascii not null,
    session_id varchar(128) character set ascii not null,
    thread_id char(36) character set ascii not null,
    persona varchar(64) character set ascii not null,
    status varchar(16) character set ascii not null,
    error_code varchar(64) character set ascii null,
    provider_frames boolean not null,
    text mediumtext character set utf8mb4 null,
    tool_calls mediumtext character set utf8mb4 null,
    iterations int not null default 0,
    input_tokens bigint not null default 0,
    output_tokens bigint not null default 0,
    cost_usd decimal(14, 6) not null default 0,
    accepted_at datetime(6) not null,
    started_at datetime(6) null,
    ended_at datetime(6) null,
    primary key (id),
    key runs_by_status (status, accepted_at),
    key runs_of_thread (thread_id, accepted_at),
    constraint runs_thread foreign key (thread_id) references threads (id) on delete cascade
);
