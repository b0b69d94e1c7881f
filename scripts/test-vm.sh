#!/usr/bin/env bash
# Runs the tests of limits and the contract on the kernels of Debian 12 (6.1) and 13 (6.12), in QEMU, with cgroup v2
# only. The guest mounts this machine's files read-only over 9p, so it runs the same programs. test/vm/init sets it up;
# test/vm/suites lists the tests.
#
#   scripts/test-vm.sh [bookworm|trixie]...
#
# Needs Debian's qemu-system-x86 and busybox-static, and root, so that the guest may read every file.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/tools.sh
source scripts/tools.sh

releases=("$@")
if [ $# -eq 0 ]; then releases=(bookworm trixie); fi
minutes=${PMI_VM_MINUTES:-12} # for each kernel; without KVM it is ten times slower
work=$PWD/build/vm
suites=(address_space limit limit_faults limit_v2 limit_view parse_cgroup questions)
modules=(virtio virtio_ring virtio_pci virtio_pci_legacy_dev virtio_pci_modern_dev netfs fscache 9pnet 9pnet_virtio 9p
  fuse zram zsmalloc lzo-rle lzo_compress 842_decompress 842_compress lz4 lz4hc lz4_compress lz4hc_compress zstd zstd_compress)

accelerators=(-accel tcg)
if [ -w /dev/kvm ]; then accelerators=(-accel kvm); fi

for tool in qemu-system-x86_64 busybox apt-get; do
  if ! command -v "$tool" >/dev/null; then
    echo "test:vm needs $tool (Debian: qemu-system-x86, busybox-static)" >&2
    exit 1
  fi
done

# Unpacks the kernel's package to $work/<release>/kernel, once.
fetch_kernel() {
  local release=$1 name
  if [ -d "$work/$release/kernel" ]; then return; fi
  apt_of "$release" amd64 update
  name=$(apt_of "$release" amd64 -s install linux-image-amd64 |
    sed -n 's/^Inst \(linux-image-[0-9][^ ]*\) .*/\1/p' | head -n 1)
  unpack "$release" amd64 "$work/$release/kernel" "$name"
}

# Contains busybox, the modules and test/vm/init.
make_initramfs() {
  local kernel=$work/$1/kernel root=$work/$1/initramfs module version from
  rm -rf "$root"
  from=$(echo "$kernel"/{usr/,}lib/modules/* | tr ' ' '\n' | grep -v '\*' | head -n 1)
  version=$(basename "$from")
  mkdir -p "$root"/{bin,dev,host,proc,sys,"lib/modules/$version"}
  for module in "${modules[@]}"; do
    find "$from" -name "$module.ko*" -exec cp {} "$root/lib/modules/$version" \;
  done
  find "$root/lib" -name '*.xz' -exec unxz {} +
  cp "$from"/modules.builtin* "$from/modules.order" "$root/lib/modules/$version"
  busybox depmod -b "$root" "$version"
  cp "$(command -v busybox)" "$root/bin/busybox"
  cp test/vm/init "$root/init"
  (cd "$root" && find . | busybox cpio -o -H newc 2>/dev/null | gzip -1) >"$work/$1/initramfs.gz"
}

run() {
  local release=$1 log=$work/$1/console.log code
  fetch_kernel "$release"
  make_initramfs "$release"
  echo "# $release: $(basename "$work/$release"/kernel/boot/vmlinuz-*)"
  # The last line of init is the exit status; a guest that hangs or panics never prints it.
  timeout --foreground "$minutes"m qemu-system-x86_64 "${accelerators[@]}" -cpu max -smp 2 -m 2G -nodefaults -no-reboot -display none \
    -serial stdio -kernel "$work/$release"/kernel/boot/vmlinuz-* -initrd "$work/$release/initramfs.gz" \
    -virtfs "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap" \
    -append "console=ttyS0 quiet panic=-1 pmi.repository=$PWD pmi.node=$(command -v node) pmi.release=$release pmi.suites=$(IFS=,; echo "${suites[*]}")" \
    </dev/null | tr -d '\r' | tee "$log" || true
  code=$(sed -n 's/^pmi-vm: exit \([0-9]*\)$/\1/p' "$log" | tail -n 1)
  if [ "$code" != 0 ]; then
    echo "test:vm: $release failed (exit ${code:-: the guest did not finish within $minutes minutes})" >&2
    return 1
  fi
}

make -sC test/c fixture
make -sC test/c $(printf '%s ' "${suites[@]/#/build-}")
for release in "${releases[@]}"; do run "$release"; done
