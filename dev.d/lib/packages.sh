# Installs packages of the system where it may. Sourced by toolchain.sh.
POLICY=/usr/sbin/policy-rc.d

# need COMMAND PACKAGE: installs the Debian package where the system allows it, else says the command and stops.
need() {
  command -v "$1" >/dev/null && return
  install_packages "$2"
  command -v "$1" >/dev/null || die "$1 is still missing after installing $2"
}

install_packages() {
  local command="apt-get install -y --no-install-recommends $*"
  command -v apt-get >/dev/null || die "please install (names as in Debian): $*"
  [[ $(id -u) == 0 ]] || die "please run: sudo $command"
  say "dev: $command"
  [[ -n $(find /var/lib/apt/lists -name '*Packages*' -mtime -7 -print -quit 2>/dev/null) ]] || apt-get update -qq -o DPkg::Lock::Timeout=300
  without_services apt_get "$command"
}

# Waits for another installation to end: two of our own commands may well want something at once.
apt_get() {
  local options="-qq -o DPkg::Lock::Timeout=300"
  DEBIAN_FRONTEND=noninteractive $1 $options >/dev/null 2>&1 || { apt-get update $options; DEBIAN_FRONTEND=noninteractive $1 $options >&2; }
}

# without_services COMMAND…: what it installs is not started, neither now nor at the next boot: the tests run servers of their own.
# The system's own policy is put back afterwards; after a kill -9, by the next call.
without_services() {
  local before code=0
  before=$(ls /etc/init.d 2>/dev/null) || true
  (
    policy_restore
    if ! policy_denies; then
      trap policy_restore EXIT
      trap 'exit 130' INT TERM
      policy_replace
    fi
    "$@"
  ) || code=$?
  comm -13 <(sort <<<"$before") <(ls /etc/init.d 2>/dev/null | sort) | while read -r service; do
    update-rc.d "$service" disable >/dev/null 2>&1 || true
  done
  return $code
}

# By the convention of invoke-rc.d: 101 forbids to start.
policy_denies() {
  [[ -x $POLICY ]] || return 1
  local code=0
  "$POLICY" nginx start >/dev/null 2>&1 || code=$?
  ((code == 101))
}

policy_replace() {
  [[ ! -e $POLICY ]] || mv "$POLICY" "$POLICY.spandrel"
  printf '#!/bin/sh\n# Made by ./dev while it installs packages.\nexit 101\n' >"$POLICY"
  chmod 755 "$POLICY"
}

policy_restore() {
  if grep -qs 'Made by ./dev' "$POLICY"; then rm -f "$POLICY"; fi
  [[ ! -e $POLICY.spandrel ]] || mv "$POLICY.spandrel" "$POLICY"
}
