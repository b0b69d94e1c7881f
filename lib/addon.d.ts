/**
 * Supplies the native addon where `require('process-memory-info')` cannot find it, as in a single-file executable, or
 * to use a binary of your own. Call it before `process-memory-info` or any of its other entries is loaded.
 *
 * @param addon The absolute path of the addon, or the addon itself as `require()` or `process.dlopen()` loads it, such
 *   as `require('process-memory-info/prebuilds/linux-x64-glibc.node')`.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if `addon` is not an addon of this package.
 * @throws {Error} `ERR_INVALID_STATE` if an addon is already loaded.
 */
export function useAddon(addon: string | object): void;
