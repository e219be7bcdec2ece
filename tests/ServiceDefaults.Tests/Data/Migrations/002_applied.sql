insert into applied (version) values (2);
