-- What narrows, orders and counts a client's sessions lies on one index, so that whole rows are read for a page alone. The key that it begins with goes.
-- Keys and columns have no portable "if not exists", so each table is asked first: this file bears running twice.
set @change = if(
    exists (select 1 from information_schema.statistics where table_schema = database() and table_name = 'clinical_sessions' and index_name = 'clinical_sessions_client_list'),
    'do 0',
    'alter table clinical_sessions
        add key clinical_sessions_client_list (practice_id, client_id, started_at, id, status, total_segments, practitioner_id),
        drop key clinical_sessions_client_time');
prepare narrow_lists from @change;
execute narrow_lists;
deallocate prepare narrow_lists;

-- Who waits for a practitioner's feedback is found without their assignments, which grow with the years: a result says who gave what it answers, which never
-- changes. The key for the way over the assignments goes.
set @change = if(
    exists (select 1 from information_schema.columns where table_schema = database() and table_name = 'homework_results' and column_name = 'practitioner_id'),
    'do 0',
    'alter table homework_results
        add column practitioner_id char(36) character set ascii null,
        add key homework_results_feedback (practice_id, practitioner_id, feedback_at, client_id, submitted_at)');
prepare narrow_lists from @change;
execute narrow_lists;
deallocate prepare narrow_lists;

update homework_results r
join homework_assignments a on a.id = r.assignment_id
set r.practitioner_id = a.practitioner_id
where r.practitioner_id is null;

set @change = if(
    exists (select 1 from information_schema.statistics where table_schema = database() and table_name = 'homework_assignments' and index_name = 'homework_assignments_practitioner'),
    'alter table homework_assignments drop key homework_assignments_practitioner',
    'do 0');
prepare narrow_lists from @change;
execute narrow_lists;
deallocate prepare narrow_lists;
