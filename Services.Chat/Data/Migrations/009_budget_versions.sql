-- An update of a budget names the version it was read in. Columns have no portable "if not exists", so the table is asked first.
set @change = if(
    exists (select 1 from information_schema.columns where table_schema = database() and table_name = 'budgets' and column_name = 'version'),
    'do 0',
    'alter table budgets add column version int not null default 1');
prepare versions from @change;
execute versions;
deallocate prepare versions;
