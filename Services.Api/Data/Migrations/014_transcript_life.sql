-- How long a practice keeps transcripts; one without a row keeps them.
create table if not exists transcript_retention (
    practice_id char(36) character set ascii not null primary key,
    transcripts varchar(16) character set ascii not null,
    version int not null,
    updated_at datetime(6) not null
) engine = InnoDB default character set utf8mb4;

-- vector: 16-bit floats, little-endian, of length 1. Erased with the transcript.
create table if not exists clinical_session_embeddings (
    session_id char(36) character set ascii not null,
    model varchar(200) character set utf8mb4 collate utf8mb4_bin not null,
    position int not null,
    practice_id char(36) character set ascii not null,
    vector blob not null,
    primary key (session_id, model, position)
) engine = InnoDB default character set utf8mb4;
