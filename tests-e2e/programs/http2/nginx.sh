#!/bin/sh
# usage: nginx.sh DIRECTORY PORT: nginx with HTTP/2 in plain text. METHOD PATH STATUS of each request is a line of access.log in the directory: the oracle.
cat >"$1/nginx.conf" <<CONF
daemon off;
pid $1/nginx.pid;
error_log stderr;
events {}
http {
  log_format line '\$request_method \$uri \$status';
  access_log $1/access.log line;
  client_body_temp_path $1/body;
  server {
    listen 127.0.0.1:$2 http2;
    location ~ /status/404 { return 404; }
    location / { return 200 "$(printf %03000d 0)"; }
  }
}
CONF
exec nginx -e stderr -c "$1/nginx.conf"
