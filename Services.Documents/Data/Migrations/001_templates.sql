-- Who sees a row follows from its owner columns: none = everybody, practice = that practice, practice and owner = that user.
create table if not exists templates (
    id char(36) character set ascii not null primary key,
    practice_id char(36) character set ascii null,
    owner_id char(36) character set ascii null,
    type varchar(16) character set ascii not null,
    name varchar(120) not null,
    description varchar(500) not null,
    content mediumtext not null,
    created_at datetime(6) not null,
    updated_at datetime(6) not null,
    key templates_by_practice (practice_id, type, name)
) character set utf8mb4;
