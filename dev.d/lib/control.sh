# The control plane of a whole cluster, in its network namespace. Sourced; expects ROOT, cluster.sh and nodes.sh.

# One authority signs what serves and who asks: the host reaches the API server at 127.0.0.1, pods at the service's address.
certificates() {
  local certs=$CLUSTER_STATE/certs
  mkdir -p "$certs"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=spandrel-cluster -keyout "$certs/ca.key" -out "$certs/ca.crt" 2>/dev/null
  signed apiserver /CN=kube-apiserver "subjectAltName=IP:127.0.0.1,IP:$CLUSTER_ADDRESS,IP:198.19.128.1,DNS:kubernetes.default.svc"
  signed kubelet-client /O=system:masters/CN=kube-apiserver extendedKeyUsage=clientAuth
}

signed() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "$2" -addext "$3" -addext basicConstraints=critical,CA:false \
    -CA "$CLUSTER_STATE/certs/ca.crt" -CAkey "$CLUSTER_STATE/certs/ca.key" -keyout "$CLUSTER_STATE/certs/$1.key" -out "$CLUSTER_STATE/certs/$1.crt" 2>/dev/null
}

control_up() {
  local token=$1 port=$2 component
  certificates
  kubeconfig_of "https://$CLUSTER_ADDRESS:6443" "$token" "$CLUSTER_STATE/certs/ca.crt" >"$CLUSTER_STATE/inside.kubeconfig"
  kubeconfig_of "https://127.0.0.1:$port" "$token" "$CLUSTER_STATE/certs/ca.crt" >"$CLUSTER_STATE/kubeconfig"
  chmod 600 "$CLUSTER_STATE"/*kubeconfig
  etcd_up 2379 2380 "${INSIDE[@]}"
  launch kube-apiserver "${INSIDE[@]}" "$CLUSTER_BINARY" kube-apiserver --etcd-servers http://127.0.0.1:2379 --secure-port 6443 --advertise-address "$CLUSTER_ADDRESS" \
    --tls-cert-file "$CLUSTER_STATE/certs/apiserver.crt" --tls-private-key-file "$CLUSTER_STATE/certs/apiserver.key" \
    --kubelet-client-certificate "$CLUSTER_STATE/certs/kubelet-client.crt" --kubelet-client-key "$CLUSTER_STATE/certs/kubelet-client.key" \
    --kubelet-preferred-address-types InternalIP --service-cluster-ip-range 198.19.128.0/17 --allow-privileged=true "${API_OPTIONS[@]}"
  launch relay python3 "$NODE_PARTS/relay.py" "/run/netns/$CLUSTER_NET" "$port" "$CLUSTER_ADDRESS" 6443
  await_ready "$token" "$port"
  launch kube-controller-manager "${INSIDE[@]}" "$CLUSTER_BINARY" kube-controller-manager --kubeconfig "$CLUSTER_STATE/inside.kubeconfig" --leader-elect=false \
    --service-account-private-key-file "$CLUSTER_STATE/service-account.key" --root-ca-file "$CLUSTER_STATE/certs/ca.crt"
  launch kube-scheduler "${INSIDE[@]}" "$CLUSTER_BINARY" kube-scheduler --kubeconfig "$CLUSTER_STATE/inside.kubeconfig" --leader-elect=false
}
