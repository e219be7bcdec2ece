-- A comment, then a statement.
create table note (
    id char(36) character set ascii not null primary key,
    name varchar(100) character set utf8mb4 not null unique,
    at datetime(6) null,
    day date null,
    owner_id char(36) character set ascii null
);

create table applied (version int not null);
