create table if not exists mood_entries (
    id char(36) character set ascii not null primary key,
    practice_id char(36) character set ascii not null,
    client_id char(36) character set ascii not null,
    mood varchar(200) not null,
    scale int not null,
    note text null,
    recorded_at datetime(6) not null,
    created_at datetime(6) not null,
    key mood_entries_client (practice_id, client_id, recorded_at, id)
) engine = InnoDB default character set utf8mb4;
