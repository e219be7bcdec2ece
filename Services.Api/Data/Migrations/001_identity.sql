create table if not exists users (
    id char(36) character set ascii not null primary key,
    practice_id char(36) character set ascii not null,
    email varchar(254) character set ascii not null,
    password_hash varchar(255) character set ascii not null,
    role varchar(16) character set ascii not null,
    display_name varchar(200) not null,
    profile_id char(36) character set ascii null,
    client_id char(36) character set ascii null,
    customer_id varchar(64) character set ascii null,
    active tinyint(1) not null,
    created_at datetime(6) not null,
    unique key users_email (email),
    key users_practice (practice_id)
) engine = InnoDB default character set utf8mb4;

create table if not exists refresh_tokens (
    id char(36) character set ascii not null primary key,
    family_id char(36) character set ascii not null,
    user_id char(36) character set ascii not null,
    token_hash char(64) character set ascii not null,
    issued_at datetime(6) not null,
    expires_at datetime(6) not null,
    used_at datetime(6) null,
    revoked_at datetime(6) null,
    unique key refresh_tokens_hash (token_hash),
    key refresh_tokens_family (family_id),
    key refresh_tokens_expiry (expires_at)
) engine = InnoDB default character set utf8mb4;

-- active_slot is 1 on the one key that signs and null on the retired ones: the unique key lets two replicas make only one.
create table if not exists signing_keys (
    kid varchar(64) character set ascii not null primary key,
    private_key varchar(512) character set ascii not null,
    created_at datetime(6) not null,
    active_slot int null,
    verifies_until datetime(6) null,
    unique key signing_keys_active (active_slot)
) engine = InnoDB default character set utf8mb4;
