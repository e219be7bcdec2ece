create table if not exists documents (
    id char(36) character set ascii not null primary key,
    practice_id char(36) character set ascii not null,
    created_by char(36) character set ascii not null,
    client_id char(36) character set ascii not null,
    client_name varchar(300) not null,
    practitioner_id char(36) character set ascii null,
    practitioner_name varchar(300) not null,
    template_id char(36) character set ascii null,
    template_name varchar(120) not null,
    template_content mediumtext not null,
    session_ids text not null,
    chat_session_id varchar(200) null,
    latest_version int not null,
    created_at datetime(6) not null,
    key documents_by_chat_session (practice_id, created_by, chat_session_id, id)
) character set utf8mb4;

-- What the document was made from, frozen; refinements write from it again.
create table if not exists document_sources (
    document_id char(36) character set ascii not null primary key,
    practice_id char(36) character set ascii not null,
    snapshot longtext not null
) character set utf8mb4;

create table if not exists document_versions (
    document_id char(36) character set ascii not null,
    version int not null,
    practice_id char(36) character set ascii not null,
    name varchar(200) not null,
    title varchar(200) null,
    content longtext not null,
    sections longtext not null,
    instructions text not null,
    note text null,
    word_count int not null,
    processing_method varchar(40) character set ascii not null,
    model varchar(200) not null,
    generation_time_ms bigint not null,
    created_by char(36) character set ascii not null,
    created_at datetime(6) not null,
    primary key (document_id, version)
) character set utf8mb4;

-- One row for each Idempotency-Key. Without a document it is a claim that ends with its lease.
create table if not exists idempotency_keys (
    practice_id char(36) character set ascii not null,
    user_id char(36) character set ascii not null,
    request_key varchar(200) character set utf8mb4 collate utf8mb4_bin not null,
    request_hash char(64) character set ascii not null,
    lease_id char(36) character set ascii not null,
    leased_until datetime(6) not null,
    document_id char(36) character set ascii null,
    version int null,
    created_at datetime(6) not null,
    primary key (practice_id, user_id, request_key),
    key idempotency_keys_by_age (created_at)
) character set utf8mb4;
