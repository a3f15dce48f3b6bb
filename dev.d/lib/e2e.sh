# What `./dev e2e` runs on. Sourced; expects the other files of a cluster and demo.sh.

can_e2e() {
  can_nodes
  need bpftool bpftool
  need python3 python3
  need kubectl kubernetes-client
  find_go
}

e2e_here() {
  can_e2e
  if cluster_running; then
    in_cluster delete -k "$ROOT/tests-e2e/cluster/system" --ignore-not-found >&2
    e2e_images >&2 # of the sources as they are now
    nodes_get {spandrel-operator,spandrel-agent,shop-nginx,shop-python}
  else
    trap cluster_down EXIT
    cluster_up nodes >/dev/null
    collector_image
  fi
  nodes_get collector
  build_all
  KUBECONFIG=$CLUSTER_STATE/kubeconfig python_of_tests e2e --folder "$ROOT/tests-e2e/cluster/system" --version "$IMAGE_VERSION" --nodes "$CLUSTER_NET"
}

# As on a cluster that somebody else has: with a kubeconfig from elsewhere, and nodes that pull all images from a registry.
e2e_pulled() {
  can_e2e
  ! cluster_running || die "./dev cluster down first: the nodes are to have no images"
  trap cluster_down EXIT
  cluster_up bare >/dev/null
  collector_image
  registry_up
  registry_get {spandrel-operator,spandrel-agent,shop-nginx,shop-python,collector}
  cp "$CLUSTER_STATE/kubeconfig" "$CLUSTER_STATE/elsewhere.kubeconfig"
  KUBECONFIG=$CLUSTER_STATE/elsewhere.kubeconfig e2e_elsewhere "$REGISTRY/" "$ROOT/tests-e2e/cluster/system"
}

# e2e_elsewhere PREFIX FOLDER
e2e_elsewhere() {
  need python3 python3
  build_all
  python_of_tests e2e --folder "$2" --version "$IMAGE_VERSION" --images "$1"
}

e2e_images() {
  build_images trained
  build_cluster_images
  collector_image
}

# The real one, with a receiver of OTLP and a file to write to.
collector_image() {
  local layers
  find_go
  layers=$(fresh_layers collector)
  mkdir -p "$layers/1"
  (cd "$ROOT/tests-e2e/collector" && CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$layers/1/collector" .) >&2
  image collector 65534 /collector >&2
}
