# The fleet benchmark: a real API server, the real operator, and agents without a kernel. Sourced; expects ROOT, toolchain.sh, build.sh and cluster.sh.

# bench_fleet OPTIONS…
bench_fleet() {
  local out=$ROOT/.spandrel/bench write=() sizes=() options=() size figures=()
  while (($#)); do
    case $1 in
      --write) write=(--write) ;;
      --size) sizes+=("${2:?NODES:PODS after --size}"); shift ;;
      --policies | --changes | --churn | --seconds) options+=("$1" "${2:?a number after $1}"); shift ;;
      *) die "no option '$1'; ./dev bench --help names them" ;;
    esac
    shift
  done
  ((${#sizes[@]})) || sizes=(1000:100000 5000:100000)
  find_go
  build_all
  mkdir -p "$out"
  (cd "$ROOT/tests-e2e/bench/fleet" && CGO_ENABLED=0 go build -o "$out/fleet" .)
  ulimit -n "$(ulimit -Hn)"
  for size in "${sizes[@]}"; do
    figures+=("$out/fleet-${size/:/-}.json")
    # A cluster for each: what the last one left would be measured.
    unset KUBECONFIG
    cluster_down
    eval "$(cluster_up api | tail -1)"
    trap cluster_down EXIT
    kubectl apply -k "$ROOT/config/base" >/dev/null
    # The JVM takes the machine for as small as config/overlays/production lets the container be, and malloc has as many arenas as there.
    MALLOC_ARENA_MAX=2 _JAVA_OPTIONS="-XX:MaxRAM=512m ${FLEET_JAVA:-}" "$out/fleet" -server "$(of_kubeconfig server)" -token "$(of_kubeconfig token)" -ca "$(of_kubeconfig certificate-authority)" -etcd "$(<"$CLUSTER_STATE/etcd.address")" \
      -dev "$ROOT/dev" -log "$out/fleet-${size/:/-}.log" -nodes "${size%:*}" -pods "${size#*:}" "${options[@]/#--/-}" >"${figures[-1]}"
    cluster_down
  done
  compile_cost >"$out/compile-cost.md"
  PYTHONPATH=$ROOT/tests-e2e PYTHONDONTWRITEBYTECODE=1 python3 -m bench.scale "${write[@]}" "./dev bench fleet ${sizes[*]/#/--size } ${options[*]}" "$out/compile-cost.md" "${figures[@]}"
}

# How a compilation's cost grows, as a table.
compile_cost() {
  local policy=$ROOT/operator/policy/target
  maven -q test-compile -pl operator/policy -am >&2
  "$JAVA_HOME/bin/java" -Xmx2g -XX:+UseSerialGC -cp "$policy/test-classes:$policy/classes:$OPERATOR_HOME/target/quarkus-app/lib/main/*" dev.spandrel.policy.CompileCost
}

of_kubeconfig() { sed -n "s/.*[{ ]$1: \"\{0,1\}\([^\",}]*\).*/\1/p" "$KUBECONFIG"; }
