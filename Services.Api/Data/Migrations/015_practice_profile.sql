-- Money is whole minor units (pence, cents) of the practice's one currency. A practitioner without a fee of their own takes the practice's.
-- Contacts and locations have no version: they are part of the practice and move its version.
create table if not exists practice_contacts (
    practice_id char(36) character set ascii not null,
    position int not null,
    kind varchar(16) character set ascii not null,
    name varchar(200) not null,
    email varchar(254) not null,
    phone varchar(40) not null,
    primary key (practice_id, position)
) engine = InnoDB default character set utf8mb4;

-- Columns and keys have no portable "if not exists", so each table is asked first.
set @change = if(
    exists (select 1 from information_schema.columns where table_schema = database() and table_name = 'practices' and column_name = 'version'),
    'do 0',
    'alter table practices
        add column session_fee_minor int null,
        add column currency char(3) character set ascii null,
        add column version int not null default 1');
prepare practice_profile from @change;
execute practice_profile;
deallocate prepare practice_profile;

set @change = if(
    exists (select 1 from information_schema.columns where table_schema = database() and table_name = 'practitioners' and column_name = 'version'),
    'do 0',
    'alter table practitioners
        modify column specialities text not null,
        add column session_fee_minor int null,
        add column version int not null default 1');
prepare practice_profile from @change;
execute practice_profile;
deallocate prepare practice_profile;

-- For the roles of those who treat: a practice has few of them and many accounts of clients.
set @change = if(
    exists (select 1 from information_schema.statistics where table_schema = database() and table_name = 'users' and index_name = 'users_profile'),
    'do 0',
    'alter table users add key users_profile (practice_id, profile_id)');
prepare practice_profile from @change;
execute practice_profile;
deallocate prepare practice_profile;
