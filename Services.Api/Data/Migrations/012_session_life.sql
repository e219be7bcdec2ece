-- A session is planned, held or cancelled; what was there before was held. A transcript is there while it has segments: from when, and
-- since when it is erased. Columns have no portable "if not exists", so the table is asked first: this file bears running twice.
set @missing = not exists (
    select 1 from information_schema.columns where table_schema = database() and table_name = 'clinical_sessions' and column_name = 'status');
set @change = if(
    @missing,
    'alter table clinical_sessions
        add column status varchar(16) character set ascii not null default ''held'',
        add column version int not null default 1,
        add column transcript_stored_at datetime(6) null,
        add column transcript_expired_at datetime(6) null,
        add key clinical_sessions_practitioner_time (practice_id, practitioner_id, started_at, id),
        add key clinical_sessions_status_time (practice_id, status, started_at, id),
        add key clinical_sessions_transcript (practice_id, transcript_stored_at, id)',
    'do 0');
prepare session_life from @change;
execute session_life;
deallocate prepare session_life;
-- The time of the last change stays: for whoever reads the sessions nothing has changed.
update clinical_sessions set transcript_stored_at = created_at, updated_at = updated_at where total_segments > 0 and transcript_stored_at is null;
