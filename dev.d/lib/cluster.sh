# A Kubernetes cluster from tests-e2e/cluster: the API server alone, on loopback, or all of it. Sourced; expects ROOT and toolchain.sh.
CLUSTER_STATE=$ROOT/.spandrel/cluster
KUBERNETES_VERSION=1.35.0
source "$ROOT/dev.d/lib/nodes.sh"

# cluster_binary api|node: prints the path of the multi-call binary, built once per content of its sources.
cluster_binary() {
  find_go
  local source=$ROOT/tests-e2e/cluster key binary
  key=$(cat "$source"/*.go "$source"/go.* | sha256sum | cut -c1-16)
  binary=$CACHE/cluster-$1-$key
  if [[ ! -x $binary ]]; then
    say "dev: building Kubernetes $KUBERNETES_VERSION ($1) from Go modules; takes some minutes the first time"
    mkdir -p "$CACHE"
    (cd "$source" && CGO_ENABLED=0 go build -trimpath -tags "$1" -o "$binary.tmp" -ldflags "-s -w \
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

# cluster_up api|bare|nodes|whole
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
  local token port
  port=$(free_port) token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  mkdir -p "$CLUSTER_STATE"
  chmod 700 "$CLUSTER_STATE"
  openssl genrsa -out "$CLUSTER_STATE/service-account.key" 2048 2>/dev/null
  echo "$token,admin,admin,system:masters" >"$CLUSTER_STATE/tokens.csv"
  API_OPTIONS=(--authorization-mode RBAC --token-auth-file "$CLUSTER_STATE/tokens.csv"
    --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$CLUSTER_STATE/service-account.key"
    --service-account-signing-key-file "$CLUSTER_STATE/service-account.key")
  "$1_up" "$token" "$port"
  echo "export KUBECONFIG=$CLUSTER_STATE/kubeconfig"
}

# etcd_up CLIENT_PORT PEER_PORT PREFIX…
etcd_up() {
  launch etcd "${@:3}" "$CLUSTER_BINARY" etcd --data-dir "$CLUSTER_STATE/etcd" --unsafe-no-fsync --log-level warn \
    --listen-client-urls "http://127.0.0.1:$1" --advertise-client-urls "http://127.0.0.1:$1" \
    --listen-peer-urls "http://127.0.0.1:$2" --initial-advertise-peer-urls "http://127.0.0.1:$2" --initial-cluster "default=http://127.0.0.1:$2"
}

api_up() {
  local token=$1 port=$2 client
  CLUSTER_BINARY=$(cluster_binary api)
  client=$(free_port)
  echo "http://127.0.0.1:$client" >"$CLUSTER_STATE/etcd.address"
  etcd_up "$client" "$(free_port)"
  launch kube-apiserver "$CLUSTER_BINARY" kube-apiserver --etcd-servers "http://127.0.0.1:$client" \
    --bind-address 127.0.0.1 --secure-port "$port" --advertise-address 127.0.0.1 --cert-dir "$CLUSTER_STATE/certs" \
    --service-cluster-ip-range 198.19.128.0/17 --disable-admission-plugins ServiceAccount "${API_OPTIONS[@]}"
  await_ready "$token" "$port"
  kubeconfig_of "https://127.0.0.1:$port" "$token" "$CLUSTER_STATE/certs/apiserver.crt" >"$CLUSTER_STATE/kubeconfig"
  chmod 600 "$CLUSTER_STATE/kubeconfig"
}

# kubeconfig_of SERVER TOKEN AUTHORITY
kubeconfig_of() {
  cat <<YAML
apiVersion: v1
kind: Config
current-context: spandrel
clusters: [{name: spandrel, cluster: {server: "$1", certificate-authority: "$3"}}]
users: [{name: admin, user: {token: $2}}]
contexts: [{name: spandrel, context: {cluster: spandrel, user: admin, namespace: default}}]
YAML
}

# await WHAT COMMAND…: until it succeeds.
await() {
  local what=$1 deadline=$((SECONDS + 60))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || die "waited 60 s for $what; the logs are in $CLUSTER_STATE"
    sleep 0.1
  done
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
  local file pid
  for file in "$CLUSTER_STATE"/*kubelet.pid "$CLUSTER_STATE"/kube-*.pid "$CLUSTER_STATE"/*.pid; do
    [[ -f $file ]] || continue
    pid=$(<"$file")
    rm "$file"
    if [[ $(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline") == *"$ROOT/"* ]]; then
      kill "$pid" 2>/dev/null || true
      for _ in {1..50}; do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
      kill -9 "$pid" 2>/dev/null || true
    fi
  done
  nodes_down
  rm -rf "$CLUSTER_STATE"
}
