-- One row for each edition of the sample data that was loaded.
create table if not exists sample_loads (
    fingerprint char(64) character set ascii not null primary key,
    loaded_at datetime(6) not null
) engine = InnoDB default character set utf8mb4;
