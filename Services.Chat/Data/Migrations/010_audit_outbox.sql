-- What was done here that the practice's audit is to know, written with the change itself and gone once the Api has it.
-- refused_at: the Api does not take the event as it is, so it stays here to be looked at.
create table if not exists audit_outbox (
    event_id char(36) character set ascii not null,
    practice_id char(36) character set ascii not null,
    occurred_at datetime(6) not null,
    user_id char(36) character set ascii null,
    role varchar(16) character set ascii not null,
    action varchar(64) character set ascii not null,
    record_type varchar(64) character set ascii not null,
    record_id varchar(64) character set ascii collate ascii_bin not null,
    correlation_id varchar(64) character set ascii collate ascii_bin not null,
    refused_at datetime(6) null,
    primary key (event_id),
    key audit_outbox_waiting (refused_at, event_id)
);
