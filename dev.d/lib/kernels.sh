# Boots Debian's kernels in qemu and runs the BPF objects there. Sourced; expects ROOT, toolchain.sh and build.sh.
KERNELS=$CACHE/kernels
KERNEL_LOGS=$ROOT/.spandrel/kernels
GUEST_SECONDS=${GUEST_SECONDS:-180}

kernels_toolchain() {
  [[ $(dpkg --print-architecture 2>/dev/null) == amd64 ]] || die "the kernel matrix needs Debian or a child of it on x86-64"
  need qemu-system-x86_64 qemu-system-x86
  need busybox busybox-static
  need cpio cpio
  # A dynamically linked busybox cannot run in the guest.
  file_is_static "$(command -v busybox)" || install_packages busybox-static
}

file_is_static() { ! ldd "$1" >/dev/null 2>&1; }

# The name of the newest Debian cloud kernel package of a version (6.12), as this apt configuration knows it.
newest_package() {
  local version=$1 package
  shift
  for package in $(apt-cache "$@" pkgnames linux-image- | grep -E "^linux-image-${version//./\\.}[.-][0-9].*-cloud-amd64$" | sort -rV); do
    # A name may be known without a package behind it.
    [[ $(apt-cache "$@" policy "$package") =~ Candidate:\ [0-9] ]] || continue
    echo "$package"
    return
  done
}

# apt options for a state of our own with every suite that may carry the version, from the mirror this system uses.
other_suites() {
  local state=$KERNELS/apt mirror suite
  mirror=$(apt-cache policy | grep -oE 'https?://[^ ]+/debian/? ' | head -1)
  [[ -n $mirror ]] || die "no Debian mirror is configured"
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
  for suite in bookworm trixie; do
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror% } $suite main"
  done >"$state/sources.list"
  printf '%s\n' -o APT::Sandbox::User=root -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o "Dir::Etc::sourcelist=$state/sources.list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::lists=$state/lists" -o "Dir::Cache=$state/cache"
}

# fetch_kernel VERSION: prints the path of its vmlinuz, downloaded once.
fetch_kernel() {
  local version=$1 package options=() target=$KERNELS/vmlinuz-$1 work
  if [[ ! -f $target ]]; then
    mkdir -p "$KERNELS"
    package=$(newest_package "$version")
    if [[ -z $package ]]; then
      mapfile -t options < <(other_suites)
      ((${#options[@]})) || return 1
      apt-get "${options[@]}" update -qq >&2
      package=$(newest_package "$version" "${options[@]}")
    fi
    [[ -n $package ]] || die "no Debian package of a $version cloud kernel was found"
    say "dev: fetching $package"
    work=$(mktemp -d "$KERNELS/fetch.XXXX")
    (cd "$work" && apt-get -o APT::Sandbox::User=root "${options[@]}" download "$package" >&2 && dpkg-deb --fsys-tarfile ./*.deb | tar x --wildcards './boot/vmlinuz-*') || { rm -rf "$work"; die "$package could not be fetched"; }
    mv "$work"/boot/vmlinuz-* "$target"
    rm -rf "$work"
  fi
  echo "$target"
}

# Prints the path of an initramfs with busybox, the runner and every object.
initramfs() {
  local root
  root=$(mktemp -d)
  mkdir -p "$root"/{bin,bpf,dev,proc,sys,tmp}
  cp "$(command -v busybox)" "$root/bin/busybox"
  ln -s busybox "$root/bin/sh"
  cp "$ROOT/tests-e2e/kernels/init" "$root/init"
  cp "$ROOT/bpf/build/runner" "$root/runner"
  cp "$ROOT"/bpf/build/*.bpf.o "$root/bpf/"
  (cd "$root" && find . | cpio -o -H newc --quiet) | gzip -1 >"$KERNEL_LOGS/initramfs.gz"
  rm -rf "$root"
}

# boot VERSION VMLINUZ: the console's output goes to a log.
boot() {
  # tcg and not kvm: it boots everywhere, also inside a virtual machine.
  timeout "$GUEST_SECONDS" qemu-system-x86_64 -accel tcg -cpu max -nographic -no-reboot -m 512 -nic none \
    -kernel "$2" -initrd "$KERNEL_LOGS/initramfs.gz" -append "console=ttyS0 panic=-1 quiet" </dev/null 2>&1 | tr -d '\r' >"$KERNEL_LOGS/$1.log" || true
}

# expected OBJECT VERSION: what a backend should do on a kernel. The tracepoints of socklen came with 6.3.
expected() {
  if [[ $1 == *socklen* && $(printf '%s\n6.3\n' "$2" | sort -V | head -1) != 6.3 ]]; then echo unsupported; else echo passed; fi
}

# verdict OBJECT VERSION: passed, unsupported or failed, by how the runner ended. Its words are no evidence: a refused load may say "unsupported", too.
verdict() {
  local log=$KERNEL_LOGS/$2.log code
  code=$(sed -n "s/^guest: end $1 //p" "$log")
  case $code in
    0) echo passed ;;
    3) echo unsupported ;;
    *) echo failed ;;
  esac
}

# said OBJECT VERSION: what the runner printed about an object.
said() { sed -n "/^guest: begin $1\$/,/^guest: end $1 /p" "$KERNEL_LOGS/$2.log" | sed '/^guest: /d'; }

# run_kernels VERSION…: a table row per kernel and object; fails if one is not as expected.
# With a function `result` defined, that is told each.
run_kernels() {
  local version image object outcome bad=0 seconds
  mkdir -p "$KERNEL_LOGS"
  initramfs
  printf '%-8s %-24s %-12s %s\n' kernel object result expected
  for version in "$@"; do
    image=$(fetch_kernel "$version")
    seconds=$SECONDS
    boot "$version" "$image"
    say "dev: Linux $(sed -n 's/.*guest: kernel //p' "$KERNEL_LOGS/$version.log") took $((SECONDS - seconds)) s"
    for object in "$ROOT"/bpf/build/*.bpf.o; do
      object=$(basename "$object")
      outcome=$(verdict "$object" "$version")
      printf '%-8s %-24s %-12s %s\n' "$version" "$object" "$outcome" "$(expected "$object" "$version")"
      if [[ $outcome == "$(expected "$object" "$version")" ]]; then
        told passed "$object on Linux $version"
      else
        bad=1
        said "$object" "$version" | tail -25 | sed 's/^/    /'
        grep -q "^guest: end $object" "$KERNEL_LOGS/$version.log" || tail -15 "$KERNEL_LOGS/$version.log" | sed 's/^/    /'
        told failed "$object on Linux $version" "$(said "$object" "$version" | tail -1)"
      fi
    done
  done
  return $bad
}

told() { [[ $(type -t result) != function ]] || result kernels "$@"; }
