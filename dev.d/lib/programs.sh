# The real servers and clients of tests-e2e/programs. Sourced; expects ROOT and toolchain.sh.
PROGRAMS=$ROOT/.spandrel/programs

can_programs() {
  need nginx nginx-light
  need haproxy haproxy
  need ab apache2-utils
  need curl curl
  need bpftrace bpftrace
  need openssl openssl
  need node nodejs
  need psql postgresql-client
  compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || install_packages postgresql
  need mariadbd mariadb-server
  need mariadb mariadb-client
  need redis-server redis-server
  need python3 python3
  python3 -c 'import ensurepip' 2>/dev/null || install_packages python3-venv
  need dnsmasq dnsmasq-base
  need dig bind9-dnsutils
  need tshark tshark
  need ip iproute2
  needed_by_programs
  find_go
}

# What a folder of programs needs of the system is in its file `packages`: COMMAND PACKAGE a line.
needed_by_programs() {
  local file command package
  for file in "$ROOT"/tests-e2e/programs/*/packages; do
    [[ -e $file ]] || continue
    while read -r command package; do need "$command" "$package"; done <"$file"
  done
}

# Compiles and installs what has to be, below .spandrel/programs: of each folder its Go module, and its jars; of all together what Python needs.
build_programs() {
  local source=$ROOT/tests-e2e/programs key lock module pom
  find_go
  mkdir -p "$PROGRAMS" "$CACHE"
  for module in "$source"/*/go.mod; do
    module=$(dirname "$module")
    (cd "$module" && CGO_ENABLED=0 go build -o "$PROGRAMS/$(basename "$module")" .)
  done
  for pom in "$source"/*/pom.xml; do fetch_jars "$(basename "$(dirname "$pom")")" "$pom"; done
  key=$CACHE/python-$({ python3 -VV && cat "$source"/*/requirements.txt; } | sha256sum | cut -c1-16)
  exec {lock}>"$key.lock"
  flock "$lock" # another checkout may be at it
  if [[ ! -e $key/ready ]]; then
    say "dev: pip install -r tests-e2e/programs/*/requirements.txt"
    python3 -m venv --clear "$key"
    "$key/bin/pip" install -q --disable-pip-version-check $(printf -- '-r %s ' "$source"/*/requirements.txt) >&2
    touch "$key/ready"
  fi
  exec {lock}>&-
  ln -sfn "$key" "$PROGRAMS/python"
  build_ferretdb
}

# MongoDB's protocol over SQLite. Its module is not meant to be built from outside: a file of it, made before a release, has to say the version.
FERRETDB=v1.24.0
build_ferretdb() {
  local built=$CACHE/ferretdb-$FERRETDB module copy
  if [[ ! -e $built ]]; then
    say "dev: building FerretDB $FERRETDB"
    module=$(cd "$CACHE" && go mod download -json "github.com/FerretDB/FerretDB@$FERRETDB" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
    copy=$(mktemp -d)
    cp -r "$module/." "$copy"
    chmod -R u+w "$copy"
    echo "$FERRETDB" >"$copy/build/version/version.txt"
    (cd "$copy" && CGO_ENABLED=0 go build -ldflags '-s -w' -o "$built" ./cmd/ferretdb)
    rm -rf "$copy"
  fi
  ln -sfn "$built" "$PROGRAMS/ferretdb"
}

# fetch_jars NAME POM: what it depends on, as .spandrel/programs/NAME.
fetch_jars() {
  local jars
  jars=$CACHE/$1-$(sha256sum "$2" | cut -c1-16)
  if [[ ! -e $jars/ready ]]; then
    say "dev: fetching the jars of $1"
    maven -q -f "$2" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory="$jars" -DincludeScope=runtime >&2
    touch "$jars/ready"
  fi
  ln -sfn "$jars" "$PROGRAMS/$1"
}
