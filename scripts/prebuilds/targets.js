'use strict';

// The one list of the systems that the package ships a binary for, each as prebuilds/NAME.node. The name is what
// lib/binding.js makes of process.platform, process.arch and, on Linux, the C library.
//
//   zig        how the compiler calls it; with the oldest version of glibc that it has for that processor, or the oldest
//              of macOS that Node.js 20 runs on
//   libraries  what the binary may ask for; on Linux with some processors the loader, too
//   version    the latest version of the C library's symbols that it may ask for

const glibc = { libraries: /^(libc\.so\.6|libpthread\.so\.0|ld-linux-[\w-]+\.so\.\d)$/ };
const musl = { libraries: /^libc\.so$/ };
const darwin = { libraries: /^\/usr\/lib\/libSystem\.B\.dylib$/ };
const win32 = { libraries: /^(kernel32|ntdll|api-ms-win-crt-[a-z0-9-]+)\.dll$/i };

exports.targets = {
  'darwin-arm64': { zig: 'aarch64-macos.11.0', ...darwin },
  'darwin-x64': { zig: 'x86_64-macos.11.0', ...darwin },
  'freebsd-x64': {
    zig: 'x86_64-freebsd',
    libraries: /^(libc\.so\.7|libthr\.so\.3)$/,
    version: '1.7',
  },
  'linux-arm64-glibc': { zig: 'aarch64-linux-gnu.2.17', ...glibc, version: '2.17' },
  'linux-arm64-musl': { zig: 'aarch64-linux-musl', ...musl },
  'linux-armv7-glibc': { zig: 'arm-linux-gnueabihf.2.17', ...glibc, version: '2.17' },
  'linux-armv7-musl': { zig: 'arm-linux-musleabihf', ...musl },
  'linux-riscv64-glibc': { zig: 'riscv64-linux-gnu.2.27', ...glibc, version: '2.27' },
  'linux-riscv64-musl': { zig: 'riscv64-linux-musl', ...musl },
  'linux-x64-glibc': { zig: 'x86_64-linux-gnu.2.17', ...glibc, version: '2.17' },
  'linux-x64-musl': { zig: 'x86_64-linux-musl', ...musl },
  'win32-arm64': { zig: 'aarch64-windows-gnu', ...win32 },
  'win32-ia32': { zig: 'x86-windows-gnu', ...win32 },
  'win32-x64': { zig: 'x86_64-windows-gnu', ...win32 },
};
