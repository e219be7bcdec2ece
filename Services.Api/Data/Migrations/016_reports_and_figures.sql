-- A report is written once and never changed. content is JSON: the figures and statements it was made of, each with the ids of its sources.
create table if not exists reports (
    id char(36) character set ascii not null primary key,
    practice_id char(36) character set ascii not null,
    report_type varchar(32) character set ascii not null,
    client_id char(36) character set ascii not null,
    first_day date not null,
    last_day date not null,
    time_zone varchar(64) character set ascii not null,
    content mediumtext not null,
    created_by char(36) character set ascii not null,
    created_at datetime(6) not null,
    key reports_time (practice_id, created_at, id),
    key reports_client (practice_id, client_id, created_at, id)
) engine = InnoDB default character set utf8mb4;

-- Figures are counted on these alone. Keys have no portable "if not exists", so each table is asked first.
set @change = if(
    exists (select 1 from information_schema.statistics where table_schema = database() and table_name = 'clinical_sessions' and index_name = 'clinical_sessions_figures'),
    'do 0',
    'alter table clinical_sessions add key clinical_sessions_figures (practice_id, started_at, status, practitioner_id)');
prepare figures from @change;
execute figures;
deallocate prepare figures;

set @change = if(
    exists (select 1 from information_schema.statistics where table_schema = database() and table_name = 'clients' and index_name = 'clients_figures'),
    'do 0',
    'alter table clients add key clients_figures (practice_id, status, started_at)');
prepare figures from @change;
execute figures;
deallocate prepare figures;

set @change = if(
    exists (select 1 from information_schema.statistics where table_schema = database() and table_name = 'homework_results' and index_name = 'homework_results_client'),
    'do 0',
    'alter table homework_results add key homework_results_client (practice_id, client_id, submitted_at, id)');
prepare figures from @change;
execute figures;
deallocate prepare figures;

set @change = if(
    exists (select 1 from information_schema.statistics where table_schema = database() and table_name = 'homework_assignments' and index_name = 'homework_assignments_practitioner'),
    'do 0',
    'alter table homework_assignments add key homework_assignments_practitioner (practice_id, practitioner_id, submission_count)');
prepare figures from @change;
execute figures;
deallocate prepare figures;
