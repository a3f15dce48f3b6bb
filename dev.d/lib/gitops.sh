# What GitOps tools judge and render with, and the Helm chart, and cert-manager. Sourced; expects ROOT and toolchain.sh.
GITOPS=$ROOT/.spandrel/gitops
CERTMANAGER=$ROOT/.spandrel/certmanager
CHART=$ROOT/config/helm/spandrel

# Built once per content of its sources.
build_gitops() {
  find_go
  local source=$ROOT/tests-e2e/gitops key
  key=$CACHE/gitops-$(cat "$source"/*.go "$source"/go.* | sha256sum | cut -c1-16)
  if [[ ! -x $key ]]; then
    say "dev: building kstatus, Argo CD's Lua and Helm's engine from Go modules"
    mkdir -p "$CACHE"
    (cd "$source" && CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$key.tmp" .) >&2
    mv "$key.tmp" "$key"
  fi
  mkdir -p "$ROOT/.spandrel"
  ln -sfn "$key" "$GITOPS"
}

# A folder with cert-manager's controllers and its CRDs, built once per content of its sources.
build_certmanager() {
  find_go
  local source=$ROOT/tests-e2e/certmanager key module crd
  key=$CACHE/certmanager-$(cat "$source"/*.go "$source"/go.* | sha256sum | cut -c1-16)
  if [[ ! -d $key ]]; then
    say "dev: building cert-manager's controllers from Go modules"
    rm -rf "$key.tmp"
    mkdir -p "$key.tmp"
    (cd "$source" && CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$key.tmp/cert-manager" .) >&2
    module=$(cd "$source" && go list -m -f '{{.Dir}}' github.com/cert-manager/cert-manager)
    for crd in "$module"/deploy/crds/*.yaml; do printf -- '---\n' && cat "$crd"; done >"$key.tmp/crds.yaml"
    mv "$key.tmp" "$key"
  fi
  mkdir -p "$ROOT/.spandrel"
  ln -sfn "$key" "$CERTMANAGER"
}

# chart FOLDER: what of the chart is made of other files: the templates of config/base, the CRDs of crds/generated.
chart() {
  mkdir -p "$1/templates" "$1/crds"
  template source 'not .Values.certManager' >"$1/templates/spandrel.yaml"
  template source-cert-manager .Values.certManager >"$1/templates/spandrel-by-cert-manager.yaml"
  cp "$ROOT"/crds/generated/*-v1.yaml "$1/crds/"
}

# template SOURCE CONDITION: of a folder of config/helm, rendered where the condition holds.
template() {
  echo "{{- /* Made by ./dev fmt of config/helm/$1 and config/base. */ -}}"
  echo "{{- if $2 }}"
  kubectl kustomize "$ROOT/config/helm/$1" | sed -E "s/'(\{\{ toJson [^']*\}\})'/\1/"
  echo '{{- end }}'
}

# Says what differs; ./dev fmt makes it anew.
chart_is_current() {
  local made code=0 file
  made=$(mktemp -d)
  chart "$made"
  for file in templates crds; do diff -r "$made/$file" "$CHART/$file" || code=1; done
  rm -r "$made"
  return $code
}
