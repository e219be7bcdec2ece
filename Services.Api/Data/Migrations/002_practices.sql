create table if not exists practices (
    id char(36) character set ascii not null primary key,
    name varchar(200) not null,
    owner_name varchar(200) not null,
    email varchar(254) not null,
    phone varchar(40) not null,
    time_zone varchar(64) character set ascii not null,
    created_at datetime(6) not null
) engine = InnoDB default character set utf8mb4;

create table if not exists practice_locations (
    id char(36) character set ascii not null primary key,
    practice_id char(36) character set ascii not null,
    name varchar(200) not null,
    street varchar(200) not null,
    city varchar(100) not null,
    postcode varchar(20) not null,
    country varchar(60) not null,
    key practice_locations_practice (practice_id)
) engine = InnoDB default character set utf8mb4;

create table if not exists practitioners (
    id char(36) character set ascii not null primary key,
    practice_id char(36) character set ascii not null,
    name varchar(200) not null,
    title varchar(200) not null,
    email varchar(254) not null,
    phone varchar(40) not null,
    specialities varchar(1000) not null,
    active tinyint(1) not null,
    created_at datetime(6) not null,
    key practitioners_practice (practice_id, name)
) engine = InnoDB default character set utf8mb4;

-- search_name is the name without case and accents, folded by the service so that every server compares alike.
create table if not exists clients (
    id char(36) character set ascii not null primary key,
    practice_id char(36) character set ascii not null,
    practitioner_id char(36) character set ascii not null,
    name varchar(200) not null,
    search_name varchar(400) character set utf8mb4 collate utf8mb4_bin not null,
    status varchar(16) character set ascii not null,
    pronouns varchar(40) not null,
    date_of_birth date not null,
    email varchar(254) not null,
    phone varchar(40) not null,
    started_at date not null,
    presenting_concerns text not null,
    goals text not null,
    notes text not null,
    created_at datetime(6) not null,
    key clients_practice_name (practice_id, search_name, id)
) engine = InnoDB default character set utf8mb4;
