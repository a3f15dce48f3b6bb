# What is built here for arm64: the runner, and what it is linked with and runs beside. Sourced by kernels.sh; expects kernelpackages.sh.
SYSROOT=$KERNELS/sysroot-aarch64

foreign_toolchain() {
  need qemu-system-aarch64 qemu-system-arm
  need aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
  [[ -e /usr/aarch64-linux-gnu/lib/libc.a ]] || install_packages libc6-dev-arm64-cross
  [[ ! -e $SYSROOT/ready ]] || return 0
  update_kernels
  # Those of the distribution that the compiler is of.
  foreign_packages libbpf-dev libelf-dev zlib1g-dev busybox-static
  touch "$SYSROOT/ready"
}

foreign_packages() {
  local package names=()
  for package in "$@"; do names+=("$package:arm64/$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)"); done
  mkdir -p "$SYSROOT"
  fetch_packages "$SYSROOT" "${names[@]}"
}

busybox_of() { if [[ $1 == "$(uname -m)" ]]; then command -v busybox; else echo "$SYSROOT/bin/busybox"; fi; }

build_foreign_runner() { build_foreign runner; }

# build_foreign TARGET: of bpf/Makefile.
build_foreign() { make -s -C "$ROOT/bpf" "$1" MACHINE=aarch64 SYSROOT="$SYSROOT" CC=aarch64-linux-gnu-gcc >&2; }
