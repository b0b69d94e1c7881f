#!/usr/bin/env bash
# Runs the core on the real kernels of FreeBSD, OpenBSD and NetBSD, in parallel in QEMU. Each boots from a CD that has
# only the kernel and, as its first program, the tests: no userland, no Node.js. The CDs are not part of the repository;
# a system without a CD is skipped, with a message.
#
#   test/kernels/run.sh [freebsd|openbsd|netbsd...]    by default all three
#
# PMI_KERNELS is the folder that has freebsd/*.iso and so on; by default ../shared.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/tools.sh
source scripts/tools.sh

kernels=${PMI_KERNELS:-../shared}
out=$PWD/build/kernels
seconds=600 # for a kernel to boot and run all tests, which takes about 40 on an idle machine

flags=(-std=gnu11 -O1 -Wall -Wextra -Werror -fno-stack-protector -fno-builtin -fno-sanitize=all -fno-pic -fno-pie
  -fno-function-sections -Itest/kernels/include -Isrc -Itest/c/check)

# build SYSTEM PROGRAM WHICH-HEADERS FLAG...: links the core, the harness and the tests to one static program.
build() {
  local system=$1 program=$2 headers=$3 source objects=$out/$1/$2
  local -a sources
  shift 3
  # Without a C library there are no threads; the queries of the core do not need them.
  mapfile -t sources < <(scripts/core-sources.py "$system" | grep -vx src/thread.c)
  rm -rf "$objects"
  mkdir -p "$objects"
  for source in "${sources[@]}" test/c/check/check.c test/kernels/{libc,scene,suite,"$system"}.c; do
    "$zig" cc -target "x86_64-$system" "${flags[@]}" -DKERNEL_HEADERS="\"$headers\"" "$@" -c "$source" \
      -o "$objects/$(tr / - <<<"${source%.c}").o"
  done
  "$zig" ld.lld -static -no-pie -o "$out/$system/$program.elf" "$objects"/*.o
  # The kernel of FreeBSD recognizes its own programs by this byte.
  [ "$system" != freebsd ] || printf '\x09' | dd of="$out/$system/$program.elf" bs=1 seek=7 conv=notrunc status=none
}

# Builds programs that run one after the other: one with zig's headers, which are newer than the kernels, and one with
# the kernel's own headers, if they are there.
build_all() {
  local system=$1
  build "$system" init "with the compiler's headers"
  programs=1
  if [ -d "$kernels/$system/include" ]; then
    build "$system" next "with the kernel's own headers" -I"$kernels/$system/include"
    programs=2
  fi
}

# burn SYSTEM ISO: copies the CD, with the programs and a file to map.
burn() {
  local folder=$out/$1
  local -a next=()
  rm -f "$folder/cd.iso"
  head -c 16M /dev/urandom >"$folder/big"
  [ "$programs" -eq 1 ] || next=(-map "$folder/next.elf" /next/init -chmod 0755 /next/init --)
  xorriso -indev "$2" -outdev "$folder/cd.iso" -boot_image any replay -map "$folder/init.elf" /sbin/init \
    -map "$folder/big" /big -chmod 0755 /sbin/init -- "${next[@]}" >"$folder/xorriso.log" 2>&1 ||
    { tail -n 5 "$folder/xorriso.log" >&2; return 1; }
}

boot() {
  timeout "$seconds" qemu-system-x86_64 -machine pc -cpu qemu64 -m 512 -cdrom "$out/$1/cd.iso" -boot d -display none \
    -serial "file:$out/$1/serial" -monitor none -net none -no-reboot </dev/null >"$out/$1/qemu.log" 2>&1
}

# judge SYSTEM: prints the output of the tests. Fails unless each program ended and all its tests passed.
judge() {
  local system=$1 log=$out/$1/log
  tr -d '\r' <"$out/$system/serial" | sed -n '/^--- /,/^[0-9]* passed, [0-9]* failed$/p' >"$log"
  sed "s/^/$system: /" "$log"
  if grep -q '^FAILED ' "$log" || [ "$(grep -Ec '^[1-9][0-9]* passed, 0 failed$' "$log")" -ne "$(cat "$out/$system/programs")" ]; then
    [ -s "$log" ] || tail -n 15 "$out/$system/serial" >&2
    echo "test-kernels: $system failed" >&2
    return 1
  fi
}

[ $# -gt 0 ] || set -- freebsd openbsd netbsd
present=()
for system in "$@"; do
  if compgen -G "$kernels/$system/*.iso" >/dev/null; then
    present+=("$system")
  else
    echo "$system: skipped, since $kernels/$system has no CD with its kernel"
  fi
done
[ ${#present[@]} -gt 0 ] || exit 0

need qemu-system-x86 xorriso
need_zig
for system in "${present[@]}"; do
  mkdir -p "$out/$system"
  build_all "$system"
  echo "$programs" >"$out/$system/programs"
  burn "$system" "$kernels/$system"/*.iso
done
for system in "${present[@]}"; do
  boot "$system" &
done
wait
failed=0
for system in "${present[@]}"; do
  judge "$system" || failed=1
done
exit "$failed"
