# Debian's kernels, as packages of its mirror. Sourced by kernels.sh; expects ROOT and toolchain.sh.
KERNELS=$CACHE/kernels
SUITES=(bookworm trixie sid)
# What a guest needs to mount this machine's files, in the order in which they can be loaded; where one is built in it is not in the package.
MODULES=(virtio virtio_ring virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci fuse virtiofs overlay)

debian_arch() { if [[ $1 == aarch64 ]]; then echo arm64; else echo amd64; fi; }

# apt with a state of our own: every suite, for both architectures, from the mirror that this system uses. What is installed here stays as it is.
apt_of_kernels() {
  local tool=$1 state=$KERNELS/apt mirror suite
  shift
  if [[ ! -e $state/sources.list ]]; then
    mirror=$(apt-cache policy | grep -oE 'https?://[^ ]+/debian/? ' | head -1)
    [[ -n $mirror ]] || die "no Debian mirror is configured"
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
    for suite in "${SUITES[@]}"; do
      echo "deb [arch=amd64,arm64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror% } $suite main"
    done >"$state/sources.list.new"
    mv "$state/sources.list.new" "$state/sources.list"
  fi
  "$tool" -o APT::Sandbox::User=root -o APT::Architectures::=amd64 -o APT::Architectures::=arm64 -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false \
    -o "Dir::Etc::sourcelist=$state/sources.list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::lists=$state/lists" -o "Dir::Cache=$state/cache" -o Dir::State::status=/dev/null "$@"
}

update_kernels() {
  [[ -n $(find "$KERNELS/apt/lists" -name '*Packages*' -mtime -7 -print -quit 2>/dev/null) ]] || apt_of_kernels apt-get update -qq >&2
}

# kernel_packages MACHINE: the release of every cloud kernel that is served, oldest first.
kernel_packages() {
  apt_of_kernels apt-cache pkgnames linux-image- | sed -n "s/^linux-image-\([0-9].*\)-cloud-$(debian_arch "$1")$/\1/p" | sort -V
}

# newest_version: as in 6.12.
newest_version() {
  update_kernels
  kernel_packages x86_64 | tail -1 | grep -oE '^[0-9]+\.[0-9]+'
}

# fetch_packages DIRECTORY PACKAGE…: unpacked there.
fetch_packages() {
  local target=$1 work deb
  shift
  work=$(mktemp -d "$KERNELS/fetch.XXXX")
  say "dev: fetching $*"
  (cd "$work" && apt_of_kernels apt-get download "$@" >&2 && for deb in *.deb; do dpkg-deb -x "$deb" "$target"; done) || { rm -rf "$work"; die "$* could not be fetched"; }
  rm -rf "$work"
}

# fetch_kernel VERSION MACHINE: prints the directory of its vmlinuz and modules, downloaded once.
fetch_kernel() {
  local version=$1 arch target=$KERNELS/$1-$2 release work module found
  arch=$(debian_arch "$2")
  if [[ ! -e $target/vmlinuz ]]; then
    mkdir -p "$KERNELS"
    update_kernels
    release=$(kernel_packages "$2" | grep -E "^${version//./\\.}[.-]" | tail -1)
    [[ -n $release ]] || die "no Debian package of a $version cloud kernel for $2 was found"
    work=$(mktemp -d "$KERNELS/unpack.XXXX")
    fetch_packages "$work" "linux-image-$release-cloud-$arch:$arch"
    # Since 7.0 the package of the image only names those of the kernel and its modules.
    [[ -n $(find "$work" -name 'vmlinuz*' -print -quit) ]] || fetch_packages "$work" "linux-binary-$release-cloud-$arch:$arch" "linux-modules-$release-cloud-$arch:$arch"
    mkdir -p "$target/modules"
    for module in "${MODULES[@]}"; do
      found=$(find "$work" -name "$module.ko*" -print -quit)
      case $found in
        *.xz) xz -dc "$found" >"$target/modules/$module.ko" ;;
        *.ko) cp "$found" "$target/modules/" ;;
      esac
    done
    mv "$(find "$work" -name 'vmlinuz*' -print -quit)" "$target/vmlinuz"
    rm -rf "$work"
  fi
  echo "$target"
}
