/** The native addon, as `useAddon()` takes it; `process-memory-info` is its interface. */
declare const addon: object;
export = addon;
