-- What a client said, each time, and never changed.
create table if not exists consent_entries (
    id char(36) character set ascii not null primary key,
    practice_id char(36) character set ascii not null,
    client_id char(36) character set ascii not null,
    kind varchar(16) character set ascii not null,
    status varchar(16) character set ascii not null,
    occurred_at datetime(6) not null,
    recorded_at datetime(6) not null,
    recorded_by char(36) character set ascii not null,
    recorded_by_role varchar(16) character set ascii not null,
    key consent_entries_client (practice_id, client_id, occurred_at, id)
) engine = InnoDB default character set utf8mb4;

-- What holds now, one row a client and kind: locked by whoever changes it, and by whoever acts on it.
create table if not exists consents (
    practice_id char(36) character set ascii not null,
    client_id char(36) character set ascii not null,
    kind varchar(16) character set ascii not null,
    status varchar(16) character set ascii not null,
    occurred_at datetime(6) not null,
    primary key (practice_id, client_id, kind)
) engine = InnoDB default character set utf8mb4;
