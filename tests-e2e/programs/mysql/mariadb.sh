#!/bin/sh
# usage: mariadb.sh PORT: the command-line client, the second time with compression.
mariadb --no-defaults -h 127.0.0.1 -P "$1" -u root --skip-ssl --skip-reconnect -f -A shop <<'SQL' >/dev/null 2>&1
create table cli (id int primary key, name text);
insert into cli values (1, 's3cr3t'), (2, "s3cr3t");
select * from cli where name = 's3cr3t' order by id;
select * from missing where name = 's3cr3t';
use mysql
select count(*) from user;
SQL
mariadb --no-defaults -h 127.0.0.1 -P "$1" -u root --skip-ssl --compress -A shop -e "select 'compressed'" >/dev/null
