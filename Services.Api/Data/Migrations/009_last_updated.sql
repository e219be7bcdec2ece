-- When a record last changed, kept by the server so that no write can forget it. Columns have no portable "if not exists", so each
-- table is asked first: this file bears running twice, and the second time changes no row.
set @missing = not exists (
    select 1 from information_schema.columns where table_schema = database() and table_name = 'clients' and column_name = 'updated_at');
set @change = if(
    @missing,
    'alter table clients
        add column updated_at datetime(6) not null default current_timestamp(6) on update current_timestamp(6),
        add key clients_updated (practice_id, updated_at, id)',
    'do 0');
prepare last_updated from @change;
execute last_updated;
deallocate prepare last_updated;
update clients set updated_at = created_at where @missing;

set @missing = not exists (
    select 1 from information_schema.columns where table_schema = database() and table_name = 'practitioners' and column_name = 'updated_at');
set @change = if(
    @missing,
    'alter table practitioners
        add column updated_at datetime(6) not null default current_timestamp(6) on update current_timestamp(6),
        add key practitioners_updated (practice_id, updated_at, id)',
    'do 0');
prepare last_updated from @change;
execute last_updated;
deallocate prepare last_updated;
update practitioners set updated_at = created_at where @missing;

set @missing = not exists (
    select 1 from information_schema.columns where table_schema = database() and table_name = 'clinical_sessions' and column_name = 'updated_at');
set @change = if(
    @missing,
    'alter table clinical_sessions
        add column updated_at datetime(6) not null default current_timestamp(6) on update current_timestamp(6),
        add key clinical_sessions_updated (practice_id, updated_at, id),
        add key clinical_sessions_client_updated (practice_id, client_id, updated_at, id)',
    'do 0');
prepare last_updated from @change;
execute last_updated;
deallocate prepare last_updated;
update clinical_sessions set updated_at = created_at where @missing;
