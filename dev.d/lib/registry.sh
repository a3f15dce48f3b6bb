# A registry in the cluster's network, for nodes that have nothing but what they pull. Sourced; expects the other files of a cluster.
REGISTRY=$CLUSTER_ADDRESS:5000
CRANE_VERSION=v0.20.6
CRANE=$CACHE/crane-$CRANE_VERSION/crane

registry_up() {
  find_go
  [[ -x $CRANE ]] || GOBIN=$(dirname "$CRANE") CGO_ENABLED=0 go install "github.com/google/go-containerregistry/cmd/crane@$CRANE_VERSION" >&2
  mkdir -p "$CLUSTER_STATE/registry"
  launch registry "${INSIDE[@]}" "$CRANE" registry serve --address "$REGISTRY" --disk "$CLUSTER_STATE/registry"
  await "the registry" inside curl -sf "http://$REGISTRY/v2/"
  mkdir -p "$CLUSTER_STATE/registries/$REGISTRY"
  printf '%s\n' "server = \"http://$REGISTRY\"" "[host.\"http://$REGISTRY\"]" 'capabilities = ["pull", "resolve"]' >"$CLUSTER_STATE/registries/$REGISTRY/hosts.toml"
}

# registry_get IMAGE…, of those that were built here
registry_get() {
  local name layout
  for name in "$@"; do
    layout=$(mktemp -d)
    tar -xf "$IMAGES/$name.tar" -C "$layout"
    inside "$CRANE" push --insecure "$layout" "$REGISTRY/$name:$IMAGE_VERSION" >/dev/null
    rm -rf "$layout"
  done
}
