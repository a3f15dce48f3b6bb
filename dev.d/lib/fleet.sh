# The fleet benchmark: a real API server, the real operator, and agents without a kernel. Sourced; expects ROOT, toolchain.sh, build.sh and cluster.sh.

# bench_fleet OPTIONS…
bench_fleet() {
  local out=$ROOT/.spandrel/bench write=() sizes=() options=() size field own=
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
  build_jars
  mkdir -p "$out"
  (cd "$ROOT/tests-e2e/bench/fleet" && CGO_ENABLED=0 go build -o "$out/fleet" .)
  export _JAVA_OPTIONS=-Xmx384m # what config/overlays/production comes to, nearly
  ulimit -n "$(ulimit -Hn)"
  rm -f "$out"/fleet-*.json "$out"/fleet-*.log
  for size in "${sizes[@]}"; do
    # A cluster for each: what the last one left would be measured.
    unset KUBECONFIG
    cluster_down
    eval "$(cluster_up api | tail -1)"
    trap cluster_down EXIT
    kubectl apply -k "$ROOT/config/base" >/dev/null
    "$out/fleet" -server "$(of_kubeconfig server)" -token "$(of_kubeconfig token)" -ca "$(of_kubeconfig certificate-authority)" -dev "$ROOT/dev" -log "$out/fleet-${size%:*}.log" \
      -nodes "${size%:*}" -pods "${size#*:}" "${options[@]/#--/-}" >"$out/fleet-${size%:*}.json"
    cluster_down
  done
  PYTHONPATH=$ROOT/tests-e2e PYTHONDONTWRITEBYTECODE=1 python3 -m bench.scale "${write[@]}" "./dev bench fleet ${sizes[*]/#/--size } ${options[*]}" $(for size in "${sizes[@]}"; do echo "$out/fleet-${size%:*}.json"; done)
}

of_kubeconfig() { sed -n "s/.*[{ ]$1: \"\{0,1\}\([^\",}]*\).*/\1/p" "$KUBECONFIG"; }
