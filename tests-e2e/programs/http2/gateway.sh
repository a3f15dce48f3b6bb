#!/bin/sh
# usage: gateway.sh DIRECTORY PORT BACKEND: nginx, which speaks HTTP/2 in plain text, before a server of HTTP/1 at port BACKEND.
cat >"$1/nginx.conf" <<CONF
daemon off;
pid $1/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path $1/body;
  proxy_temp_path $1/proxy;
  server {
    listen 127.0.0.1:$2 http2;
    location / { proxy_pass http://127.0.0.1:$3; }
  }
}
CONF
exec nginx -e stderr -c "$1/nginx.conf"
