-- The version of a client's record, which makes its ETag, and the orders in which clients are listed. Columns and keys have no portable
-- "if not exists", so the table is asked first: this file bears running twice.
set @missing = not exists (
    select 1 from information_schema.columns where table_schema = database() and table_name = 'clients' and column_name = 'version');
set @change = if(
    @missing,
    'alter table clients
        add column version int not null default 1,
        add key clients_newest (practice_id, started_at, id),
        add key clients_practitioner (practice_id, practitioner_id, search_name, id)',
    'do 0');
prepare client_versions from @change;
execute client_versions;
deallocate prepare client_versions;
