# Nodes with real pods: kubelet, containerd, runc, CNI and kube-proxy. Sourced; expects ROOT, toolchain.sh and cluster.sh.
# All of it lives in a network namespace of the cluster's own, in cgroups below /spandrel-ID-N, and in $CLUSTER_STATE and $CLUSTER_RUN.
CLUSTER_ID=$(sha256sum <<<"$ROOT" | cut -c1-6)
CLUSTER_RUN=/run/spandrel/$CLUSTER_ID # short: a socket's path has 107 bytes at most
CLUSTER_NET=spandrel-$CLUSTER_ID
NODE_PARTS=$ROOT/tests-e2e/cluster/node
CLUSTER_ADDRESS=198.18.0.1
INSIDE=(nsenter "--net=/run/netns/$CLUSTER_NET") # not `ip netns exec`, which hides the cgroup mounts

# Ends with the reason where this machine cannot run a kubelet.
can_nodes() {
  local controller
  [[ $(id -u) == 0 ]] || die "nodes need root"
  for controller in cpu cpuacct memory pids devices freezer; do
    grep -qE "^[^ ]+ [^ ]+ cgroup [^ ]*\b$controller\b" /proc/mounts || cgroup2_has "$controller" || die "nodes need the cgroup controller $controller"
  done
  need containerd containerd
  need runc runc
  need ip iproute2
  need iptables iptables
  need nsenter util-linux
  need openssl openssl
  need cc gcc
  [[ -x /usr/lib/cni/bridge ]] || install_packages containernetworking-plugins
  unshare --net ip link add pods0 type bridge 2>/dev/null || die "nodes need network namespaces and bridges in the kernel"
}

# On cgroup v2 alone the controllers of devices and freezer are always there.
cgroup2_has() { [[ $1 == devices || $1 == freezer ]] || grep -qw "${1%acct}" /sys/fs/cgroup/cgroup.controllers 2>/dev/null; }

cgroup_mounts() { awk '$3 == "cgroup" || $3 == "cgroup2" { print $2 }' /proc/mounts; }
cgroup2_mount() { awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts; }

inside() { "${INSIDE[@]}" "$@"; }

# The addresses of the nodes are on a bridge without ports; so is the default route, which services need.
network_up() {
  ip netns add "$CLUSTER_NET"
  inside ip link set lo up
  inside ip link add nodes0 type bridge
  inside ip address add "$CLUSTER_ADDRESS/24" dev nodes0
  inside ip address add 198.18.0.2/24 dev nodes0
  inside ip link set nodes0 up
  inside ip route add default dev nodes0
  inside sysctl -qw net.ipv4.ip_forward=1
}

# filled FILE NODE NUMBER: a file of tests-e2e/cluster/node with its places filled in.
filled() {
  sed -e "s|@STATE@|$CLUSTER_STATE|g; s|@RUN@|$CLUSTER_RUN|g; s|@VERSION@|$IMAGE_VERSION|g" \
    -e "s|@NODE@|$2|g; s|@NUMBER@|$3|g; s|@ADDRESS@|198.18.0.$3|g; s|@CGROUP@|/$CLUSTER_NET-$3|g" "$NODE_PARTS/$1"
}

node_up() {
  local number=$1 node=node-$1 mount
  mkdir -p "$CLUSTER_STATE/$node/cni" "$CLUSTER_RUN/$node"
  for mount in $(cgroup_mounts); do
    mkdir -p "$mount/$CLUSTER_NET-$number"
    # A new cpuset has no processors and no memory of its own: it takes its parent's.
    [[ ! -e $mount/cpuset.mems ]] || for file in cpuset.cpus cpuset.mems; do cat "$mount/$file" >"$mount/$CLUSTER_NET-$number/$file"; done
  done
  filled containerd.toml "$node" "$number" >"$CLUSTER_STATE/$node/containerd.toml"
  filled cni.json "$node" "$number" >"$CLUSTER_STATE/$node/cni/pods.conflist"
  filled kubelet.yaml "$node" "$number" >"$CLUSTER_STATE/$node/kubelet.yaml"
  launch "$node-containerd" "${INSIDE[@]}" containerd --config "$CLUSTER_STATE/$node/containerd.toml"
  await "containerd of $node" node_ctr "$number" version
  node_images "$number" "$IMAGES/pause"
  launch "$node-kubelet" "${INSIDE[@]}" "$CLUSTER_BINARY" kubelet --config "$CLUSTER_STATE/$node/kubelet.yaml" --kubeconfig "$CLUSTER_STATE/inside.kubeconfig" \
    --hostname-override "$node" --node-ip "198.18.0.$number" --root-dir "$CLUSTER_STATE/$node/kubelet" --cert-dir "$CLUSTER_STATE/$node/certs"
}

node_ctr() {
  local number=$1
  shift
  ctr --address "$CLUSTER_RUN/node-$number/containerd.sock" --namespace k8s.io "$@"
}

# node_images NUMBER ARCHIVE…, without their ending
node_images() {
  local number=$1 archive
  shift
  for archive in "$@"; do
    node_ctr "$number" images import --index-name "docker.io/library/$(basename "$archive"):$IMAGE_VERSION" "$archive.tar" >/dev/null
  done
}

proxy_up() {
  filled proxy.yaml node-1 1 >"$CLUSTER_STATE/proxy.yaml"
  launch kube-proxy "${INSIDE[@]}" "$CLUSTER_BINARY" kube-proxy --config "$CLUSTER_STATE/proxy.yaml"
}

# What is in the nodes' cgroups, the shims of their containers, their mounts, namespaces and cgroups. Nothing else is touched.
nodes_down() {
  local mount cgroup pid space
  [[ -d $CLUSTER_RUN || -e /run/netns/$CLUSTER_NET ]] || return 0
  for space in /run/netns/cni-*; do
    [[ -e $space ]] && node_pids | while read -r pid; do [[ "/proc/$pid/ns/net" -ef $space ]] && echo "$space" && break; done
  done >"$CLUSTER_RUN/netns"
  for pid in $(pgrep -f -- "-address $CLUSTER_RUN/" || true) $(node_pids); do kill -9 "$pid" 2>/dev/null || true; done
  await "the end of the pods' processes" no_node_pids
  sort -u "$CLUSTER_RUN/netns" | while read -r space; do umount "$space" && rm -f "$space"; done
  leavings | while read -r file; do rm -rf "$file"; done
  awk '{ print $2 }' /proc/mounts | grep -E "^($CLUSTER_STATE|$CLUSTER_RUN)/" | sort -r | while read -r mount; do umount -l "$mount"; done
  ip netns delete "$CLUSTER_NET" 2>/dev/null || true
  for mount in $(cgroup_mounts); do
    for cgroup in "$mount/$CLUSTER_NET"-[0-9]; do [[ ! -d $cgroup ]] || find "$cgroup" -depth -type d -exec rmdir {} +; done
  done
  rm -rf "$CLUSTER_RUN"
  rmdir --ignore-fail-on-non-empty /run/spandrel
}

# What kubelet, containerd, runc and the agents of these nodes leave in places that they share with others: links to logs, sockets of shims,
# the states of killed containers, last good configurations.
leavings() {
  local file number
  for file in /var/log/containers/*; do [[ $(readlink "$file") != "$CLUSTER_STATE"/* ]] || echo "$file"; done
  find "$CLUSTER_RUN" -name address -exec sed -n 's|^unix://||p' {} + 2>/dev/null || true
  grep -l "$CLUSTER_NET-" /run/containerd/runc/k8s.io/*/state.json 2>/dev/null | xargs -r dirname
  for number in 1 2; do echo "/var/lib/spandrel/node-$number"; done
}

node_pids() { find "$(cgroup2_mount)/$CLUSTER_NET"-[0-9] -name cgroup.procs -exec cat {} + 2>/dev/null | grep -v '^0$'; }
no_node_pids() { [[ -z $(node_pids) ]]; }
