insert into applied (version) select max(version) + 8 from applied;
-- Nothing follows.
