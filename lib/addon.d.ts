/**
 * Hands over the native addon, where `require('process-memory-info')` would not find it by itself: in an executable that
 * holds all of a program's files, or where a binary of one's own is to be used. It has to be called before
 * `process-memory-info` or one of its other entries is loaded.
 *
 * @param addon The absolute path of the file, or what `require('process-memory-info/prebuilds/linux-x64-glibc.node')`,
 *   with the name of the system, or `process.dlopen()` gave.
 * @throws `ERR_INVALID_ARG_TYPE` if it is no addon of this package, `ERR_INVALID_STATE` if one is loaded already.
 */
export function useAddon(addon: string | object): void;
