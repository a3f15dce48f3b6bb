# What the demo runs that is not ours. Sourced; expects ROOT and toolchain.sh.
HTTP_SERVER_VERSION=14.1.1

# Prints the path of npm's http-server of the pinned version.
http_server() {
  need node nodejs
  local home=$CACHE/http-server-$HTTP_SERVER_VERSION
  if [[ ! -d $home/node_modules/http-server ]]; then
    need npm npm
    say "dev: npm install http-server@$HTTP_SERVER_VERSION"
    mkdir -p "$home"
    npm install --prefix "$home" --silent --no-fund --no-audit "http-server@$HTTP_SERVER_VERSION" >&2
  fi
  printf '%s\n' "$home/node_modules/http-server/bin/http-server"
}

# A Python program of tests-e2e.
python_of_tests() { PYTHONPATH=$ROOT/tests-e2e PYTHONDONTWRITEBYTECODE=1 python3 -m "$@"; }

# Becomes it.
run_python() {
  export PYTHONPATH=$ROOT/tests-e2e PYTHONDONTWRITEBYTECODE=1
  exec python3 -m "$@"
}

need_root() { [[ $(id -u) == 0 ]] || die "please run this as root: it loads BPF programs and makes cgroups"; }
