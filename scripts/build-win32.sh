#!/usr/bin/env bash
# Cross-builds the addon for Windows x64 with mingw-w64, into build/win32-x64/process_memory_info.node. Fails if it
# imports a DLL that not every Windows has. With --all it also compiles for ia32 and arm64.
#
# As root it installs missing compilers; otherwise it names them.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/cross.sh
source scripts/cross.sh

# The folder under src/ with the code for Windows, as in binding.gyp.
platform=${PMI_PLATFORM:-win32}

every_source_is_named
mapfile -t c_sources < <(scripts/core-sources.py "$platform")

# The DLLs that the addon may import at load: those of every Windows, and none of the compiler.
allowed='^(KERNEL32|ntdll|psapi|msvcrt|ucrtbase|api-ms-win-crt-[a-z0-9-]+)\.dll$'
libraries=(-lpsapi -lntdll)

# The functions of Node-API, which are imported from node.exe at the first call.
node_library() {
  {
    echo 'EXPORTS'
    node -p "Object.values(require('node-api-headers').def_paths).map((file) => fs.readFileSync(file)).join('\n')" |
      grep -E '^\s*(napi|node)_' | sort -u
  } >"$1/node.def"
  x86_64-w64-mingw32-dlltool --input-def "$1/node.def" --dllname node.exe --output-delaylib "$1/libnode.a"
}

# node.exe must not be among the imports, but must be named in the binary. GNU ld leaves the directory of delayed
# imports empty, so objdump does not list them; the calls find their descriptors without it.
check_imports() {
  local imports name bad=0
  imports=$(x86_64-w64-mingw32-objdump -p "$1" | sed -n 's/^\s*DLL Name: //p')
  for name in $imports; do
    if ! grep -Eiq "$allowed" <<<"$name"; then
      echo "build-win32: $1 imports $name, which may not be there where it is loaded" >&2
      bad=1
    fi
  done
  if ! grep -qa 'node\.exe' "$1"; then
    echo "build-win32: $1 does not ask node.exe for anything" >&2
    bad=1
  fi
  echo "imports: ${imports//$'\n'/ }; node.exe when first called"
  return "$bad"
}

# node-addon-api uses std::mutex, which only the variant with POSIX threads has.
need gcc-mingw-w64-x86-64-posix g++-mingw-w64-x86-64-posix

out=build/win32-x64
binary=$out/process_memory_info.node
gcc=x86_64-w64-mingw32-gcc-posix
gxx=x86_64-w64-mingw32-g++-posix
compile "$out/objects" "$gcc" "$gxx"
"$gcc" -O2 -Wall -Wextra -Werror -c scripts/win32-delay-load-hook.c -o "$out/objects/hook.o"
node_library "$out"
"$gxx" -shared -static -static-libgcc -static-libstdc++ -s -Wl,--gc-sections \
  -Wl,--exclude-all-symbols -Wl,--dynamicbase -Wl,--nxcompat -Wl,--high-entropy-va \
  "$out"/objects/*.o "$out/libnode.a" "${libraries[@]}" -o "$binary"
check_imports "$binary"
echo "$binary: $(stat -c %s "$binary") bytes, of src/$platform"

if [ "${1-}" = --all ]; then
  need gcc-mingw-w64-i686-posix g++-mingw-w64-i686-posix
  compile build/win32-ia32/objects i686-w64-mingw32-gcc-posix i686-w64-mingw32-g++-posix
  echo "build/win32-ia32: compiles"

  need_zig
  compile build/win32-arm64/objects "$zig cc -target aarch64-windows-gnu" "$zig c++ -target aarch64-windows-gnu"
  echo "build/win32-arm64: compiles"
fi
