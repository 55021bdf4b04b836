#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Boots systemd as the first process of namespaces of its own. The machine shares the kernel and the network namespace with its caller, and nothing
# else. Its root is the host's root with DIR/installed as a layer over it. The machine's writes are discarded when it ends. SOURCES is hidden in the
# machine. The script ends when the machine ends; SIGTERM ends both.
#
# Usage: machine.sh DIR SOURCES     DIR/machine and DIR/installed exist
set -euo pipefail
dir=$1 sources=$2 part=${3-}

# The overlay is in a mount namespace of its own, and all processes are in one cgroup. The script removes both.
surround() {
  mount -t tmpfs -o mode=755 tmpfs "$dir/machine"
  cd "$dir/machine"
  mkdir cgroup work root
  cp -a ../installed upper
  mount -t cgroup2 cgroup2 cgroup
  group=$PWD/cgroup/tandem-machine-$$
  mkdir "$group"
  trap clean_up EXIT
  trap 'exit 1' TERM
  (
    echo "$BASHPID" >"$group/cgroup.procs"
    exec unshare --mount --pid --uts --ipc --cgroup --fork --kill-child bash "$0" "$dir" "$sources" boot
  ) &
  wait $!
}

clean_up() {
  echo 1 >"$group/cgroup.kill"
  wait || true
  while [[ -d $group ]]; do
    find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
}

# The kernel's global settings are read-only: below /proc/sys and /sys the machine can write only the network's part and its own cgroups.
mount_kernel() {
  mount -t proc proc proc
  mount --bind proc/sys proc/sys
  mount -o remount,bind,ro proc/sys
  mount --bind proc/sys/net proc/sys/net
  mount -o remount,bind,rw proc/sys/net
  mount -t sysfs -o ro sysfs sys
  mount -t cgroup2 cgroup2 sys/fs/cgroup
}

mount_devices() {
  mount -t tmpfs -o mode=755 tmpfs dev
  local device
  for device in null zero full random urandom tty; do
    touch "dev/$device"
    mount --bind "/dev/$device" "dev/$device"
  done
  mkdir dev/pts dev/shm
  mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
  mount -t tmpfs -o mode=1777 tmpfs dev/shm
  ln -s pts/ptmx dev/ptmx
  ln -s /proc/self/fd dev/fd
}

# Starts as a fresh installation: without configuration and enabled units.
forget() {
  rm -rf etc/machine-id etc/systemd/system etc/tandem var/lib/tandem var/log/tandem var/log/journal
  mkdir etc/systemd/system
  touch etc/machine-id
  mkdir -p ".$sources"
  mount -t tmpfs tmpfs ".$sources"
}

boot() {
  cd "$dir/machine"
  mount -t overlay -o lowerdir=/,upperdir=upper,workdir=work overlay root
  cd root
  mount_kernel
  mount_devices
  mount -t tmpfs -o mode=755 tmpfs run
  mount -t tmpfs -o mode=1777 tmpfs tmp
  forget
  pivot_root . mnt
  umount -l /mnt
  exec env -i container=tandem PATH="$PATH" /usr/lib/systemd/systemd --unit=basic.target </dev/null
}

case $part in
  "") exec unshare --mount --propagation private bash "$0" "$dir" "$sources" surround ;;
  surround | boot) "$part" ;;
esac
