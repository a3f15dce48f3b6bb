#!/bin/sh
# usage: psql.sh PORT: libpq's simple protocol
psql -q -X -h 127.0.0.1 -p "$1" -U postgres postgres <<'SQL'
create table psql (id int primary key, name text);
insert into psql values (1, 's3cr3t');
insert into psql values (1, 's3cr3t');
select * from psql where name = 's3cr3t' or id = 7;
select * from generate_series(1, 500);
select * from missing;
select 1 / 0;
begin;
update psql set name = 's3cr3t-2';
rollback;
select 1\; select 2\; select 3;
prepare p as select $1::int;
execute p(3);
copy psql to stdout;
copy psql from stdin;
2	s3cr3t
3	s3cr3t
\.
do $$ begin raise notice 's3cr3t'; end $$;
nonsense;
SQL
