# What makes a cluster whole: nodes, images, the operator, the agent and a shop. Sourced; expects the other files of a cluster.
NODES=(1 2)

# `tried` of rungs.sh would hide what is being installed.
cluster_up_here() {
  local why
  if why=$(can_nodes 2>&1 | sed -n 's/^dev: //p' | grep -v '^apt-get' | tail -1; exit "${PIPESTATUS[0]}"); then
    cluster_up whole
  else
    say "dev: no nodes here: $why"
    cluster_up api
  fi
}

whole_up() {
  nodes_up "$@"
  deploy
}

# Nodes that have all images, and nothing deployed yet.
nodes_up() {
  bare_up "$@"
  nodes_get {spandrel-operator,spandrel-agent,shop-nginx,shop-python,shop-node}
}

# Nodes without an image.
bare_up() {
  CLUSTER_BINARY=$(cluster_binary node)
  build_images trained >&2
  build_cluster_images
  network_up
  control_up "$@"
  proxy_up
  local number
  for number in "${NODES[@]}"; do node_up "$number"; done
  for number in "${NODES[@]}"; do await "node-$number" node_ready "node-$number"; done
  say "dev: ${#NODES[@]} nodes are ready"
}

# nodes_get IMAGE…
nodes_get() {
  local number
  for number in "${NODES[@]}"; do node_images "$number" "${@/#/$IMAGES/}"; done
}

in_cluster() { kubectl --kubeconfig "$CLUSTER_STATE/kubeconfig" "$@"; }

node_ready() { in_cluster wait --for=condition=Ready "node/$1" --timeout=1s; }

deploy() {
  in_cluster apply -k "$ROOT/tests-e2e/cluster/system" >&2
  in_cluster apply -k "$ROOT/tests-e2e/cluster/shop" >&2
  in_cluster rollout status -n spandrel-system deployment/spandrel-operator --timeout=120s >&2
  in_cluster rollout status -n spandrel-system daemonset/spandrel-agent --timeout=120s >&2
  in_cluster rollout status -n shop deployment --timeout=120s >&2
}

# The pause process, and servers as they are on this machine.
build_cluster_images() {
  need nginx nginx-light
  need node nodejs
  [[ -x /usr/bin/python3 ]] || install_packages python3
  local layers
  layers=$(fresh_layers pause)
  mkdir -p "$layers/1"
  cc -static -O2 -o "$layers/1/pause" "$NODE_PARTS/pause.c"
  image pause 65535 /pause >&2
  server_image nginx "$(command -v nginx)" nginx.conf -- -e stderr -c /shop/nginx.conf
  server_image node "$(readlink -f "$(command -v node)")" server.js -- /shop/server.js
  server_image python /usr/bin/python3 server.py -- /shop/server.py
}

fresh_layers() {
  rm -rf "${IMAGES:?}/$1"
  mkdir -p "$IMAGES/$1/layers"
  echo "$IMAGES/$1/layers"
}

# server_image NAME PROGRAM FILE -- WORD…: a server with the libraries it needs, and a file of the shop.
server_image() {
  local name=$1 program=$2 file=$3 layers library
  layers=$(fresh_layers "shop-$name")
  mkdir -p "$layers/1-system"
  stage_file "$layers/1-system" "$program"
  stage_libraries "$layers/1-system" "$program"
  if [[ $name == python ]]; then
    library=$("$program" -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')
    mkdir -p "$layers/1-system$library"
    cp -aL "$library"/*.py "$library"/{collections,concurrent,email,encodings,html,http,importlib,json,lib-dynload,re,urllib} "$layers/1-system$library/" 2>/dev/null
    stage_libraries "$layers/1-system" "$library"/lib-dynload/*.so
  fi
  rm "$layers/libraries"
  mkdir -p "$layers/1-system/etc"
  printf '%s\n' root:x:0:0:::/ nobody:x:65534:65534:::/ >"$layers/1-system/etc/passwd"
  printf '%s\n' root:x:0: nogroup:x:65534: >"$layers/1-system/etc/group"
  install -D -m 644 "$ROOT/tests-e2e/cluster/shop/$file" "$layers/2-shop/shop/$file"
  image "shop-$name" 65534 "$program" "${@:5}" >&2
}
