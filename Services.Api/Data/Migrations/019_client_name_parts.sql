-- Every end of a folded name, "lindqvist", "indqvist", "ndqvist", by its first twelve characters: who contains a word begins with it somewhere, and a
-- beginning is found on an index. Kept by the service with each name; place by place here for the clients that are there already.
create table if not exists client_name_parts (
    practice_id char(36) character set ascii not null,
    part varchar(12) character set utf8mb4 collate utf8mb4_bin not null,
    client_id char(36) character set ascii not null,
    primary key (practice_id, part, client_id),
    key client_name_parts_client (client_id)
) engine = InnoDB default character set utf8mb4;

insert ignore into client_name_parts (practice_id, part, client_id)
with recursive places (place) as (select 1 union all select place + 1 from places where place < 400)
select c.practice_id, substring(c.search_name, p.place, 12), c.id
from clients c
join places p on p.place <= char_length(c.search_name)
where substring(c.search_name, p.place, 1) <> ' ';
