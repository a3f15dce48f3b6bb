# A kernel in qemu, by software: it boots everywhere, also inside a virtual machine. Sourced by kernels.sh; expects kernelpackages.sh.
KERNEL_LOGS=$ROOT/.spandrel/kernels
GUEST_SECONDS=${GUEST_SECONDS:-600}
GUEST_MEMORY=${GUEST_MEMORY:-2048M}

# initramfs KERNEL MACHINE: prints the path of one with busybox, the runner, the objects for the machine, and the modules of the kernel's directory.
initramfs() {
  local kernel=$1 machine=$2 root out=$KERNEL_LOGS/$(basename "$1").cpio.gz
  root=$(mktemp -d)
  mkdir -p "$root"/{bin,bpf,dev,proc,sys,tmp,host,memory,root,modules}
  cp "$(busybox_of "$machine")" "$root/bin/busybox"
  ln -s busybox "$root/bin/sh"
  cp "$ROOT/tests-e2e/kernels/init" "$root/init"
  cp "$ROOT/tests-e2e/kernels/whole" "$root/whole"
  cp "$KERNEL_LOGS/tests" "$root/tests"
  cp "$ROOT/bpf/build/$machine/runner" "$root/runner"
  [[ ${BENCH:-} != yes ]] || cp "$ROOT/bpf/build/$machine/bench" "$root/bench"
  cp "$ROOT/bpf/build/$machine"/*.bpf.o "$root/bpf/"
  cp "$kernel"/modules/*.ko "$root/modules/" 2>/dev/null || true
  echo "${MODULES[@]}" >"$root/modules/order"
  (cd "$root" && find . | cpio -o -H newc --quiet) | gzip -1 >"$out"
  rm -rf "$root"
  echo "$out"
}

# boot KERNEL MACHINE LOG: with this machine's files, if LOG.share is a running virtiofsd's socket.
boot() {
  local kernel=$1 machine=$2 log=$3 options=()
  case $machine in
    x86_64) options=(-cpu max -append "console=ttyS0 panic=-1 quiet") ;;
    aarch64) options=(-M virt -cpu cortex-a72 -append "console=ttyAMA0 panic=-1 quiet") ;;
  esac
  if [[ -S $log.share ]]; then
    options+=(-object "memory-backend-memfd,id=memory,size=$GUEST_MEMORY,share=on" -numa node,memdev=memory -chardev "socket,id=share,path=$log.share" -device vhost-user-fs-pci,chardev=share,tag=host)
  fi
  timeout "$GUEST_SECONDS" "qemu-system-$machine" -accel tcg,thread=multi -smp 2 -nographic -no-reboot -m "$GUEST_MEMORY" -nic none \
    -kernel "$kernel/vmlinuz" -initrd "$(initramfs "$kernel" "$machine")" "${options[@]}" </dev/null 2>&1 | sed -u 's,\r,,g' >"$log" || true
}

# share SOCKET: this machine's files for one guest, which mounts them read-only; ends with the guest, at the latest by unshare_files.
share() {
  local daemon
  daemon=$(virtiofs_daemon)
  rm -f "$1"
  "$daemon" --socket-path="$1" -o source=/ -o sandbox=chroot -o cache=always >"$1.log" 2>&1 &
  shared=$!
  for _ in {1..100}; do
    [[ ! -S $1 ]] || return 0
    sleep 0.1
  done
  die "virtiofsd does not start: $(tail -1 "$1.log")"
}

shared=
unshare_files() {
  [[ -z $shared ]] || kill "$shared" 2>/dev/null || true
  shared=
}

virtiofs_daemon() {
  local daemon
  for daemon in /usr/lib/qemu/virtiofsd /usr/libexec/virtiofsd; do
    [[ ! -x $daemon ]] || { echo "$daemon"; return; }
  done
}
