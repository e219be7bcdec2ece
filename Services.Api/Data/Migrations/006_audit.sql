-- Ids are varchar, so that a row somebody tampered with is still readable as text. hash is SHA-256 over the hash of the row before and this row.
create table if not exists audit_events (
    practice_id varchar(36) character set ascii collate ascii_bin not null,
    sequence_number bigint not null,
    event_id varchar(36) character set ascii collate ascii_bin not null,
    occurred_at datetime(6) not null,
    recorded_at datetime(6) not null,
    user_id varchar(36) character set ascii collate ascii_bin null,
    role varchar(16) character set ascii collate ascii_bin not null,
    action varchar(64) character set ascii collate ascii_bin not null,
    record_type varchar(64) character set ascii collate ascii_bin not null,
    record_id varchar(64) character set ascii collate ascii_bin not null,
    outcome varchar(16) character set ascii collate ascii_bin not null,
    correlation_id varchar(64) character set ascii collate ascii_bin not null,
    recorded_by varchar(36) character set ascii collate ascii_bin null,
    hash varchar(64) character set ascii collate ascii_bin not null,
    primary key (practice_id, sequence_number),
    unique key audit_events_event (practice_id, event_id),
    key audit_events_time (practice_id, occurred_at, sequence_number),
    key audit_events_user (practice_id, user_id, occurred_at, sequence_number),
    key audit_events_record (practice_id, record_type, record_id, occurred_at, sequence_number)
) engine = InnoDB default character set utf8mb4;

-- The end of each practice's chain; locked by whoever appends.
create table if not exists audit_heads (
    practice_id varchar(36) character set ascii collate ascii_bin not null primary key,
    sequence_number bigint not null,
    hash varchar(64) character set ascii collate ascii_bin not null
) engine = InnoDB default character set utf8mb4;

-- The last row that retention removed; the chain goes on from it.
create table if not exists audit_anchors (
    practice_id varchar(36) character set ascii collate ascii_bin not null primary key,
    sequence_number bigint not null,
    hash varchar(64) character set ascii collate ascii_bin not null,
    removed_at datetime(6) not null
) engine = InnoDB default character set utf8mb4;
