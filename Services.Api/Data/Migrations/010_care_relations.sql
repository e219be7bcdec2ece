-- Who treats whom: from started_on until before ended_on, in days of the practice. One pair never has two at a time.
create table if not exists care_relations (
    id char(36) character set ascii not null primary key,
    practice_id char(36) character set ascii not null,
    client_id char(36) character set ascii not null,
    practitioner_id char(36) character set ascii not null,
    kind varchar(16) character set ascii not null,
    started_on date not null,
    ended_on date null,
    created_at datetime(6) not null,
    version int not null,
    key care_relations_practitioner (practice_id, practitioner_id, client_id, started_on, ended_on),
    key care_relations_client (practice_id, client_id, started_on, id)
) engine = InnoDB default character set utf8mb4;

-- Clients had a practitioner before they had relations.
insert into care_relations (id, practice_id, client_id, practitioner_id, kind, started_on, created_at, version)
select uuid(), c.practice_id, c.id, c.practitioner_id, 'main', c.started_at, c.created_at, 1
from clients c
where not exists (select 1 from care_relations r where r.practice_id = c.practice_id and r.client_id = c.id);
