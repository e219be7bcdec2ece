create table if not exists clinical_sessions (
    id char(36) character set ascii not null primary key,
    practice_id char(36) character set ascii not null,
    client_id char(36) character set ascii not null,
    practitioner_id char(36) character set ascii not null,
    title varchar(200) not null,
    started_at datetime(6) not null,
    duration_seconds int not null,
    total_segments int not null,
    average_confidence double null,
    created_at datetime(6) not null,
    key clinical_sessions_practice_time (practice_id, started_at, id),
    key clinical_sessions_client_time (practice_id, client_id, started_at, id)
) engine = InnoDB default character set utf8mb4;

create table if not exists clinical_session_segments (
    session_id char(36) character set ascii not null,
    position int not null,
    practice_id char(36) character set ascii not null,
    speaker varchar(64) not null,
    start_ms int not null,
    text text not null,
    primary key (session_id, position)
) engine = InnoDB default character set utf8mb4;

-- Title and transcript without case and accents, for keywords only.
create table if not exists clinical_session_words (
    session_id char(36) character set ascii not null primary key,
    practice_id char(36) character set ascii not null,
    words mediumtext character set utf8mb4 collate utf8mb4_bin not null,
    fulltext key clinical_session_words_text (words)
) engine = InnoDB default character set utf8mb4;

create table if not exists session_imports (
    practice_id char(36) character set ascii not null,
    user_id char(36) character set ascii not null,
    idempotency_key varchar(200) character set ascii collate ascii_bin not null,
    body_hash char(64) character set ascii not null,
    session_id char(36) character set ascii not null,
    created_at datetime(6) not null,
    primary key (practice_id, user_id, idempotency_key)
) engine = InnoDB default character set utf8mb4;
