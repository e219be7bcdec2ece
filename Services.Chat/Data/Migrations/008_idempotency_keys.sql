-- The keys that creates came with, each in the transaction of the row it made.
create table if not exists idempotency_keys (
    practice_id char(36) character set ascii not null,
    user_id char(36) character set ascii not null,
    idempotency_key varchar(200) character set ascii collate ascii_bin not null,
    request_hash char(64) character set ascii not null,
    resource_id char(36) character set ascii not null,
    created_at datetime(6) not null,
    primary key (practice_id, user_id, idempotency_key)
);
