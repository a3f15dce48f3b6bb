# etcd and kube-apiserver from tests-e2e/cluster. Sourced; expects ROOT and toolchain.sh.
CLUSTER_STATE=$ROOT/.spandrel/cluster
KUBERNETES_VERSION=1.35.0

# Prints the path of the multi-call binary, built once per content of its sources.
cluster_binary() {
  find_go
  local source=$ROOT/tests-e2e/cluster key binary
  key=$(cat "$source"/*.go "$source"/go.* | sha256sum | cut -c1-16)
  binary=$CACHE/cluster-$key
  if [[ ! -x $binary ]]; then
    say "dev: building etcd and kube-apiserver $KUBERNETES_VERSION from Go modules; takes some minutes the first time"
    mkdir -p "$CACHE"
    (cd "$source" && CGO_ENABLED=0 go build -trimpath -o "$binary.tmp" -ldflags "-s -w \
      -X k8s.io/component-base/version.gitVersion=v$KUBERNETES_VERSION \
      -X k8s.io/component-base/version.gitMajor=${KUBERNETES_VERSION%%.*} \
      -X k8s.io/component-base/version.gitMinor=$(cut -d. -f2 <<<"$KUBERNETES_VERSION")" .) >&2
    mv "$binary.tmp" "$binary"
  fi
  printf '%s\n' "$binary"
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# launch NAME COMMAND…: in the background, in a session of its own so that Ctrl-C of the caller does not reach it.
launch() {
  local name=$1
  shift
  setsid "$@" >"$CLUSTER_STATE/$name.log" 2>&1 </dev/null &
  echo $! >"$CLUSTER_STATE/$name.pid"
}

cluster_running() {
  local name
  for name in etcd kube-apiserver; do
    [[ -f $CLUSTER_STATE/$name.pid ]] && kill -0 "$(<"$CLUSTER_STATE/$name.pid")" 2>/dev/null || return 1
  done
}

cluster_up() {
  if cluster_running; then
    say "dev: the cluster is up already"
    echo "export KUBECONFIG=$CLUSTER_STATE/kubeconfig"
    return
  fi
  cluster_down
  need kubectl kubernetes-client
  need openssl openssl
  need curl curl
  need python3 python3
  local binary client peer api token
  binary=$(cluster_binary)
  client=$(free_port) peer=$(free_port) api=$(free_port) token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  mkdir -p "$CLUSTER_STATE"
  chmod 700 "$CLUSTER_STATE"
  openssl genrsa -out "$CLUSTER_STATE/service-account.key" 2048 2>/dev/null
  echo "$token,admin,admin,system:masters" >"$CLUSTER_STATE/tokens.csv"
  launch etcd "$binary" etcd --data-dir "$CLUSTER_STATE/etcd" --unsafe-no-fsync --log-level warn \
    --listen-client-urls "http://127.0.0.1:$client" --advertise-client-urls "http://127.0.0.1:$client" \
    --listen-peer-urls "http://127.0.0.1:$peer" --initial-advertise-peer-urls "http://127.0.0.1:$peer" --initial-cluster "default=http://127.0.0.1:$peer"
  launch kube-apiserver "$binary" kube-apiserver --etcd-servers "http://127.0.0.1:$client" \
    --bind-address 127.0.0.1 --secure-port "$api" --advertise-address 127.0.0.1 --cert-dir "$CLUSTER_STATE/certs" \
    --service-cluster-ip-range 198.19.128.0/17 --authorization-mode RBAC --token-auth-file "$CLUSTER_STATE/tokens.csv" \
    --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$CLUSTER_STATE/service-account.key" \
    --service-account-signing-key-file "$CLUSTER_STATE/service-account.key" --disable-admission-plugins ServiceAccount
  await_ready "$token" "$api"
  write_kubeconfig "$api" "$token"
  echo "export KUBECONFIG=$CLUSTER_STATE/kubeconfig"
}

write_kubeconfig() {
  cat >"$CLUSTER_STATE/kubeconfig" <<YAML
apiVersion: v1
kind: Config
current-context: spandrel
clusters: [{name: spandrel, cluster: {server: "https://127.0.0.1:$1", certificate-authority: "$CLUSTER_STATE/certs/apiserver.crt"}}]
users: [{name: admin, user: {token: $2}}]
contexts: [{name: spandrel, context: {cluster: spandrel, user: admin, namespace: default}}]
YAML
  chmod 600 "$CLUSTER_STATE/kubeconfig"
}

await_ready() {
  local deadline=$((SECONDS + 60))
  until curl -ksf -o /dev/null -H "Authorization: Bearer $1" "https://127.0.0.1:$2/readyz"; do
    cluster_running || { tail -5 "$CLUSTER_STATE"/*.log >&2; die "the API server ended while starting; its logs are in $CLUSTER_STATE"; }
    ((SECONDS < deadline)) || die "the API server is not ready after 60 s; its logs are in $CLUSTER_STATE"
    sleep 0.2
  done
  say "dev: the API server is ready"
}

cluster_down() {
  local name pid
  for name in kube-apiserver etcd; do
    [[ -f $CLUSTER_STATE/$name.pid ]] || continue
    pid=$(<"$CLUSTER_STATE/$name.pid")
    if [[ $(tr "\0" " " 2>/dev/null <"/proc/$pid/cmdline") == *"$CLUSTER_STATE"* ]]; then
      kill "$pid" 2>/dev/null || true
      for _ in {1..50}; do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
      kill -9 "$pid" 2>/dev/null || true
    fi
  done
  rm -rf "$CLUSTER_STATE"
}
