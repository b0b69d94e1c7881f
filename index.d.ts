/// <reference lib="esnext.disposable" />

/**
 * How much memory a process, and everything under it, uses.
 *
 * Every size is an integer in kilobytes of 1024 bytes (KiB), rounded down. A value that the operating system does not
 * tell is left out: it is never a 0. Zero means zero, as for a zombie or a kernel thread, which have no memory.
 */

/** The memory of one process. */
export interface MemoryInfo {
  /** Process id. */
  pid: number;

  /**
   * Physical memory that the process occupies now, in KiB, pages that it shares with others included.
   *
   * - Linux: `VmRSS` of `/proc/PID/status`
   * - macOS: `resident_size`
   * - Windows: `WorkingSetSize` of `GetProcessMemoryInfo`
   * - FreeBSD: `ki_rssize`; OpenBSD, NetBSD: `p_vm_rssize`; SunOS, AIX: `pr_rssize`
   */
  workingSetSize: number;

  /**
   * The largest working set that the process ever had, in KiB. Left out for a zombie and for a process that is exiting:
   * no system tells it then.
   *
   * - Linux: `VmHWM` of `/proc/PID/status`
   * - macOS: `resident_size_max`
   * - Windows: `PeakWorkingSetSize`
   * - FreeBSD, OpenBSD, NetBSD: `ru_maxrss`, or the present working set where that lags behind; of the process, not of the
   *   program, so that it outlives `exec`; left out where NetBSD keeps none
   * - SunOS, AIX: left out
   */
  peakWorkingSetSize?: number;

  /**
   * Memory that is the process's own, backed by no file, in KiB. Pages that a forked child still has in common with its
   * parent (copy on write) count in both.
   *
   * - Linux: `RssAnon` of `/proc/PID/status`, the anonymous pages in physical memory; before Linux 4.5, `statm`'s
   *   resident less shared
   * - macOS: `phys_footprint`, which counts what is compressed or swapped out as well, so that it may be more than
   *   `workingSetSize`; anonymous memory that several processes share counts in each of them
   * - Windows: `PrivateUsage`: private *committed* memory, in physical memory or not
   * - BSDs, SunOS, AIX: left out
   */
  privateBytes?: number;

  /**
   * The part of the working set that is backed by files or by shared memory, in KiB: other processes could have the
   * same pages, whether or not one does now.
   *
   * - Linux: `RssFile` + `RssShmem` of `/proc/PID/status`; before Linux 4.5, `statm`'s shared
   * - macOS: `external` of `TASK_VM_INFO`: what is backed by files
   * - Windows: `WorkingSetSize` less the private working set
   * - BSDs, SunOS, AIX: left out
   */
  sharedBytes?: number;
}

/**
 * What a process costs, exactly; in KiB. Expensive: the system walks the page tables of the process, which takes some
 * 30 µs for small processes and **seconds** for those of hundreds of gigabytes, and holds up the process's own page
 * faults and mappings meanwhile. Use the promise form for anything large.
 *
 * On Linux the right to trace the process is needed (`ptrace`'s read access: same user, or `CAP_SYS_PTRACE`); without
 * it `EACCES`.
 */
export interface MemoryFootprint {
  /** Process id. */
  pid: number;

  /**
   * Unique set size: what would be free if the process exited now.
   *
   * - Linux: the `Private_…` lines of `smaps_rollup`, huge pages of hugetlbfs included
   * - macOS: the resident pages that are the process's own or that nothing else refers to, by `PROC_PIDREGIONINFO`; left
   *   out where a walk over all regions would take more than 2 seconds
   * - FreeBSD: at least this much, by `kern.proc.vmmap`: memory that was copied on write after a fork is not counted
   */
  uss?: number;

  /**
   * Proportional set size: a page that n processes map counts as one n-th.
   *
   * - Linux: `Pss` of `smaps_rollup`, which leaves huge pages of hugetlbfs out
   */
  pss?: number;

  /**
   * Memory that is swapped out.
   *
   * - Linux: `Swap` of `smaps_rollup`, shared memory that is swapped out included, in each process that maps it
   */
  swap?: number;

  /**
   * Memory that is swapped out, a page that n processes share counting as one n-th.
   *
   * - Linux: `SwapPss` of `smaps_rollup` (4.3 and later), which leaves out shared memory: of that the kernel counts no
   *   shares
   */
  swapPss?: number;

  /**
   * Huge pages of hugetlbfs, in each process that maps them.
   *
   * - Linux: `Private_Hugetlb` + `Shared_Hugetlb` of `smaps_rollup` (4.4 and later)
   */
  hugetlb?: number;

  /**
   * The one figure. It may be added up over processes without counting a page twice.
   *
   * - Linux: `pss` + `swapPss`, `pss` alone before 4.3; without swapped-out shared memory and huge pages of hugetlbfs
   * - macOS: `phys_footprint`, which counts what is compressed or swapped out as well, and no mapped files; anonymous
   *   memory that several processes share counts in each of them
   * - Windows: private working set
   * - FreeBSD: `uss`; the other BSDs, SunOS and AIX have no such figure: `ENOSYS`
   */
  footprint: number;

  /** Where the figures come from. */
  method: FootprintMethod;
}

/**
 * - `smaps_rollup`: Linux 4.14 and later
 * - `smaps`: older kernels; the same figures, added up here
 * - `status`: Linux, in a tree only, where the exact figures were refused: `RssAnon` + `VmSwap`, an estimate: mapped
 *   files are missing from it, and pages that forked processes have in common count in each of them
 * - `phys_footprint`: macOS, what Activity Monitor shows
 * - `private_working_set`: Windows, the private working set, which is what Task Manager shows
 * - `working_set`: Windows, where that is not told: the pages of `QueryWorkingSet()` that no other process maps
 * - `private_usage`, `working_set_size`: Windows, in a tree only, where neither is to be had: the smaller of the two, an
 *   estimate from above
 * - `vmmap_lower_bound`: FreeBSD, the resident pages of anonymous memory that no other process maps. It is a lower
 *   bound: pages that were copied on write are not counted
 * - `rss`: BSDs, SunOS and AIX, in a tree only, where that was refused or is not told: an estimate from above
 */
export type FootprintMethod =
  | 'smaps_rollup'
  | 'smaps'
  | 'status'
  | 'phys_footprint'
  | 'private_working_set'
  | 'working_set'
  | 'private_usage'
  | 'working_set_size'
  | 'vmmap_lower_bound'
  | 'rss';

/** The footprint of a process in a tree. */
export interface ProcessFootprint extends Omit<MemoryFootprint, 'pid'> {
  /**
   * Why the figures are an estimate; or, on Linux, why it is not known whether they are those of an earlier process of the
   * tree that shares its memory (see `sharesMemoryWith`): `EPERM` or `ENOSYS` of kcmp(2). Not there if they are exact.
   */
  code?: SystemErrorCode;

  /**
   * Linux: the pid of an earlier process of the tree with the same address space, after vfork(2) or `CLONE_VM`. All its
   * memory is this one's, and the total counts it there.
   */
  sharesMemoryWith?: number;
}

/** The footprint of a tree, in which no page of the exact ones is counted twice. */
export interface FootprintTotal {
  /** Sum of the processes' footprints, in KiB, estimates included, without those of `sharesMemoryWith`. */
  footprint: number;
  /** How many of the processes are exact. */
  covered: number;
  /** How many processes were added up. */
  of: number;
  /** The methods that were used, joined by `+`. */
  method: string;
}

/** A process as part of a tree. */
export interface ProcessMemoryInfo extends MemoryInfo {
  /** Process id of the parent. */
  ppid: number;

  /**
   * Name of the program. On Linux what the kernel calls `comm`: at most 15 bytes, and a process may choose it; but
   * where Node.js named its main thread `MainThread`, the program's. Bytes that are no UTF-8 become U+FFFD.
   */
  name: string;

  /**
   * When the process was created, in milliseconds since the Unix epoch. Pids are used again; pid and creationTime
   * together are not.
   *
   * - Linux: boot time in whole seconds plus `starttime` of `/proc/PID/stat`, as `ps` has it: up to a second early. The
   *   same in every answer within one program, also when the clock is set; what `ps` says then moves
   * - macOS: `p_starttime` of `sysctl(KERN_PROC)`
   * - FreeBSD: `ki_start`; OpenBSD, NetBSD: `p_ustart_sec`, 0 for zombies; those of FreeBSD and OpenBSD move when the
   *   clock is set
   * - SunOS, AIX: `pr_start`
   */
  creationTime: number;

  /**
   * Whether the process runs, as {@link ProcessHandle.isAlive} says it. A zombie, or a process that is exiting, does not:
   * it has no memory any more, and what its peak was is not known.
   */
  alive: boolean;

  /** Only if asked for. */
  footprint?: ProcessFootprint;
}

/** Sums over a tree. */
export interface TreeMemoryTotal {
  /** How many processes were added up. */
  processes: number;

  /** Sum of `workingSetSize`, in KiB. A page that several processes share is counted once for each of them. */
  workingSetSize: number;

  /**
   * Sum of `privateBytes`, in KiB. Pages of files and shared memory are not counted at all; pages that forked processes
   * still have in common are counted once for each of them. Left out if one process's is not known.
   */
  privateBytes?: number;

  /** Only if asked for: the sum in which no page is counted twice. */
  footprint?: FootprintTotal;
}

/** What else to read of a tree. */
export interface TreeOptions {
  /**
   * Reads the footprint of each process, too, and adds them up. May hang as long as one of them is stuck in the kernel;
   * the promise form takes a timeout. Expensive: see {@link MemoryFootprint}. Where it is
   * refused, the footprint is an estimate and says so.
   */
  footprint?: boolean;
}

/** A process that was seen in the tree, but which the system refused to tell about. */
export interface UnreadableProcess {
  pid: number;
  code: SystemErrorCode;
  /** The system call that was refused. */
  syscall: string;
}

/** A process and everything under it. */
export interface TreeMemoryInfo {
  /** Process id of the root. */
  pid: number;
  /** The root first, each parent before its children, siblings by age. */
  processes: ProcessMemoryInfo[];
  total: TreeMemoryTotal;
  /** Processes that are not in `processes` nor in `total`. What is below them may be missing, too. */
  unreadable: UnreadableProcess[];
}

/** Every process that the caller may see. */
export interface AllMemoryInfo {
  /** In ascending order of pid. Zombies and, on Linux, kernel threads are among them. */
  processes: ProcessMemoryInfo[];
  total: TreeMemoryTotal;
  /** Processes that are not in `processes` nor in `total`. */
  unreadable: UnreadableProcess[];
}

/**
 * The operating system's own counters of a process, by the names that psutil and Windows give them. Sizes in KiB,
 * faults are counts. A counter that this system does not have is left out.
 */
export type MemoryCounters =
  | LinuxMemoryCounters
  | DarwinMemoryCounters
  | WindowsMemoryCounters
  | BsdMemoryCounters
  | UnixMemoryCounters;

/** `/proc/PID/statm`, `/proc/PID/status` and `/proc/PID/stat`. */
export interface LinuxMemoryCounters {
  pid: number;
  platform: 'linux';
  /** Resident set size: physical memory in use. */
  rss: number;
  /** Virtual memory size: addresses in use, with or without memory behind them. */
  vms: number;
  /** Resident pages of files and shared memory. */
  shared: number;
  /** The program's code. */
  text: number;
  /** Always 0 since Linux 2.6. */
  lib: number;
  /** Data and stack, in addresses. */
  data: number;
  /** Always 0 since Linux 2.6. */
  dirty: number;
  /** Resident anonymous memory: `RssAnon`. */
  anon?: number;
  /** Resident pages of files: `RssFile`. */
  file?: number;
  /** Resident shared memory: `RssShmem`. */
  shmem?: number;
  /** Anonymous memory that is swapped out: `VmSwap`. */
  swap?: number;
  /** The largest `rss` ever: `VmHWM`. */
  peakRss?: number;
  /** The largest `vms` ever: `VmPeak`. */
  peakVms?: number;
  /** Page tables, which are in no other figure: `VmPTE`. */
  pageTables?: number;
  /** Locked in memory, by mlock(2): `VmLck`. */
  locked?: number;
  /** Pinned in place, as for DMA: `VmPin`. */
  pinned?: number;
  /** Huge pages of hugetlbfs, which are in no other figure: `HugetlbPages`. */
  hugetlb?: number;
  /** Page faults that were served from memory, a count. */
  minorFaults: number;
  /** Page faults that were served from a disk, a count. */
  majorFaults: number;
}

/** `proc_pid_rusage()`, `PROC_PIDTASKINFO` of `proc_pidinfo()`, and `TASK_VM_INFO` of `task_info()`. */
export interface DarwinMemoryCounters {
  pid: number;
  platform: 'darwin';
  /** Resident size: `ri_resident_size`. */
  rss: number;
  /** Addresses in use, with or without memory behind them: `pti_virtual_size`. Mostly hundreds of gigabytes. */
  vms: number;
  /** Page faults, a count: `pti_faults`. psutil's `pfaults`. Left out once it has reached 2147483647, where it stays. */
  pageFaults?: number;
  /** Pages read from a disk, a count: `ri_pageins`. */
  pageins: number;
  /** Page faults that copied a page, a count: `pti_cow_faults`. Left out once it has reached 2147483647. */
  copyOnWriteFaults?: number;
  /** `ri_phys_footprint`: what Activity Monitor calls Memory. */
  footprint: number;
  /** The largest footprint ever: `ri_lifetime_max_phys_footprint`. */
  peakFootprint?: number;
  /** Memory that cannot be moved out: `ri_wired_size`. */
  wired: number;
  /** The largest `rss` ever: `resident_size_peak`. */
  peakRss?: number;
  /** Resident anonymous memory. Falls while that is compressed. */
  internal?: number;
  /** Resident memory backed by files. */
  external?: number;
  /** What the process has given up, but the system not taken yet: resident, and in no footprint. */
  reusable?: number;
  /** What is compressed or swapped out, as large as it was before. */
  compressed?: number;
}

/** `PROCESS_MEMORY_COUNTERS_EX2` of `GetProcessMemoryInfo()`. */
export interface WindowsMemoryCounters {
  pid: number;
  platform: 'win32';
  /** Page faults, a count. */
  pageFaultCount: number;
  peakWorkingSetSize: number;
  workingSetSize: number;
  quotaPeakPagedPoolUsage: number;
  quotaPagedPoolUsage: number;
  quotaPeakNonPagedPoolUsage: number;
  quotaNonPagedPoolUsage: number;
  pagefileUsage: number;
  peakPagefileUsage: number;
  /** Private committed memory. */
  privateUsage?: number;
  privateWorkingSetSize?: number;
  sharedCommitUsage?: number;
  /** Addresses in use, reserved ones included. Left out where `NtQueryInformationProcess()` does not answer. */
  virtualSize?: number;
  peakVirtualSize?: number;
  /** Page faults that took a read from a disk, a count. Only of processes that are read from the list of all of them. */
  hardFaultCount?: number;
}

/** `kinfo_proc` by `sysctl()`. */
export interface BsdMemoryCounters {
  pid: number;
  platform: 'freebsd' | 'openbsd' | 'netbsd';
  /** Resident set size: physical memory in use. */
  rss: number;
  /** Virtual memory size. OpenBSD: the sum of `text`, `data` and `stack`, as its ps(1) has it. */
  vms: number;
  /** The program's code, in addresses. */
  text: number;
  data: number;
  stack: number;
  /** The largest `rss` ever: `ru_maxrss`, or `rss` where that lags behind. Left out for zombies, and where NetBSD keeps none. */
  peakRss?: number;
  /** Page faults that were served from memory, a count. */
  minorFaults: number;
  /** Page faults that were served from a disk, a count. */
  majorFaults: number;
}

/** `/proc/PID/psinfo`. */
export interface UnixMemoryCounters {
  pid: number;
  platform: 'sunos' | 'aix';
  /** `pr_rssize`. */
  rss: number;
  /** `pr_size`. */
  vms: number;
}

/** The memory of the whole machine, in KiB. In a container these are mostly the host's figures. */
export interface SystemMemoryInfo {
  /**
   * Linux: `MemTotal` of `/proc/meminfo`. macOS: `hw.memsize`. Windows: `ullTotalPhys` of `GlobalMemoryStatusEx()`.
   * BSDs: `hw.physmem`. SunOS: `_SC_PHYS_PAGES`. AIX: `real_total`.
   */
  total: number;
  /**
   * Not used for anything, not even as cache. Linux: `MemFree`. macOS: `free_count` less `speculative_count` of
   * `host_statistics64()`. Windows tells only what is `available`, here, too. BSDs: the pages that are free. SunOS:
   * `_SC_AVPHYS_PAGES`. AIX: `real_free`.
   */
  free: number;
  /**
   * What could be had without swapping. Linux 3.14 and later: `MemAvailable`. macOS: `free_count` and `inactive_count`.
   * Windows: `ullAvailPhys`. BSDs: free and inactive pages, on OpenBSD
   * with the clean buffers of files. AIX: `real_avail`. SunOS does not tell.
   */
  available?: number;
  /**
   * Linux: `SwapTotal`. macOS: `xsu_total` of `vm.swapusage`, which grows with its use. Windows: `TotalSize` of all page
   * files, by `EnumPageFiles()`. BSDs, AIX: of all devices.
   */
  swapTotal?: number;
  /** Linux: `SwapFree`. macOS: `xsu_avail`. Windows: `TotalSize` less `TotalInUse`. */
  swapFree?: number;
  /** macOS only: memory that holds files: `external_page_count`. */
  fileBacked?: number;
  /** macOS only: memory that programs allow to be taken away at any time: `purgeable_count`. */
  purgeable?: number;
  /**
   * Windows only: how much memory may be committed in all, physical memory and page files together. It is no swap
   * space. `CommitLimit` of `GetPerformanceInfo()`.
   */
  commitLimit?: number;
  /** Windows only: how much of `commitLimit` is committed. */
  commitUsed?: number;
}

/**
 * The tightest memory limit on a process, as its container has it; in KiB. A limit is that of a group of processes,
 * and so are its usage and what is left of it: the others use it up, too.
 *
 * Linux: control groups of version 2, version 1 or both, from the process's own group up through all those above it
 * that the caller can see.
 */
export interface MemoryLimit {
  /** Process id. */
  pid: number;

  /**
   * Beyond this the group is out of memory, and one of its processes is killed. It is what somebody wrote there, be it
   * more than the machine has. Left out if only `high` is set, and on Windows where only `available` is known.
   *
   * - Linux: `memory.max`; in version 1 `memory.limit_in_bytes`
   * - Windows: the smaller limit that the caller's own job sets on committed memory, `JobMemoryLimit` or
   *   `ProcessMemoryLimit`; no process is killed, but it gets no more memory
   */
  limit?: number;

  /**
   * Beyond this the group is slowed down and its memory reclaimed. The lowest that is set in the same groups.
   *
   * - Linux: `memory.high`; version 1 has none
   */
  high?: number;

  /**
   * What the system has charged to the group that bears the limit, file cache included.
   *
   * - Linux: `memory.current`; in version 1 `memory.usage_in_bytes`
   * - Windows: `PrivateCommitUsage` of `ProcessAppMemoryInfo`: what all processes of the job have committed; for
   *   `ProcessMemoryLimit` the process's own `PagefileUsage`
   */
  usage?: number;

  /**
   * `usage` without the file cache that the system would drop first: what Kubernetes calls the working set.
   *
   * - Linux: less `inactive_file` of `memory.stat`; in version 1 `total_inactive_file`
   * - Windows: the same as `usage`
   */
  usageWithoutCache?: number;

  /**
   * What is left: `limit` less `usageWithoutCache`, or less, if a group above with a higher limit has less left of that.
   * On Windows no more than `AvailableCommit` of `ProcessAppMemoryInfo`, which stands alone where the limit is not known.
   */
  available?: number;

  /** The file that states the limit. */
  source?: string;

  /**
   * Whether everything that may limit the process was read. If not, there may be a tighter limit: in a file that could
   * not be read, in a group above the only one that is mounted, or on Windows in a job around the innermost one. Limits that the host sets above a container's own
   * cgroup namespace cannot be seen from inside, and do not count here.
   */
  complete: boolean;
}

/**
 * A process held open: one identity, not a number. Once the process is gone every question throws `ESRCH`, whoever
 * bears its pid then. (One that has exited, but whose parent has not asked for its status yet, is a zombie: not alive,
 * and with zeros for its memory.) Asking through a handle is cheaper than by pid.
 *
 * A handle holds two to three descriptors until it is closed, by `close()`, by `using`, or when it is garbage
 * collected. It belongs to the thread that opened it.
 */
export interface ProcessHandle {
  readonly pid: number;
  /** As {@link ProcessMemoryInfo.creationTime}. */
  readonly creationTime: number;
  /** Whether the process runs. One that has exited does not, even where its parent has not asked for its status yet. */
  isAlive(): boolean;
  getMemoryInfo(): MemoryInfo;
  /** The process and everything under it. */
  getTreeMemoryInfo(options?: TreeOptions): TreeMemoryInfo;
  getMemoryCounters(): MemoryCounters;
  getMemoryFootprint(): MemoryFootprint;
  /** Closes the handle; any question after that throws `ERR_INVALID_STATE`. Closing twice is fine. */
  close(): void;
  [Symbol.dispose](): void;
}

/** `code` of a {@link SystemError}. */
export type SystemErrorCode =
  /** No such process: it never existed, has exited, or is hidden. */
  | 'ESRCH'
  /** The system refused. */
  | 'EPERM'
  /** The system refused, by file permission. */
  | 'EACCES'
  /** This process has no file descriptor left. */
  | 'EMFILE'
  /** The whole system has no file descriptor left. */
  | 'ENFILE'
  | 'ENOMEM'
  /** Not available on this operating system. */
  | 'ENOSYS'
  /** The system failed in another way, or its answer could not be understood. */
  | 'EIO';

/** What is thrown when the operating system does not answer. */
export interface SystemError extends Error {
  code: SystemErrorCode;
  /** libuv's number for `code`, such as -3 for `ESRCH` on Linux. */
  errno: number;
  /** The system call that failed. */
  syscall: string;
  /** The file that the call was about, if it was one. */
  path?: string;
  /** The process that was asked for, if it was about one. */
  pid?: number;
}

/** What is thrown for a wrong argument: a TypeError or a RangeError. */
export interface ArgumentError extends Error {
  code: 'ERR_INVALID_ARG_TYPE' | 'ERR_OUT_OF_RANGE';
}

/** One pid's part of a batch, in the form of `Promise.allSettled()`. */
export type BatchEntry =
  | { status: 'fulfilled'; value: MemoryInfo; reason?: undefined }
  | { status: 'rejected'; value?: undefined; reason: SystemError | ArgumentError };

/** One root's part of several trees, in the form of `Promise.allSettled()`. */
export type TreeBatchEntry =
  | { status: 'fulfilled'; value: TreeMemoryInfo; reason?: undefined }
  | { status: 'rejected'; value?: undefined; reason: SystemError | ArgumentError };

/**
 * Reads the memory of one process.
 *
 * @param pid The process; this one if left out.
 * @throws {SystemError} `ESRCH` if there is no such process, `EPERM` or `EACCES` if the system refuses.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if `pid` is no number.
 * @throws {RangeError} `ERR_OUT_OF_RANGE` if `pid` is no integer from 0 to 4294967295.
 */
export function getMemoryInfo(pid?: number): MemoryInfo;

/**
 * Reads the memory of several processes. One that cannot be read does not fail the others: its entry says why.
 *
 * @param pids At most 1,048,576 of them. An entry takes some 300 bytes, a failed one 1,500.
 * @returns One entry a pid, in the same order.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if `pids` is no iterable.
 * @throws {RangeError} `ERR_OUT_OF_RANGE` if it yields more; it is closed then.
 */
export function getMemoryInfoBatch(pids: Iterable<number>): BatchEntry[];

/**
 * Reads the memory of a process and of everything under it. A process that exits meanwhile is left out; one that the
 * system refuses to tell about stands in `unreadable`.
 *
 * @param pid The root; this process if left out.
 * @throws As {@link getMemoryInfo}, if the root cannot be read.
 */
export function getTreeMemoryInfo(pid?: number, options?: TreeOptions): TreeMemoryInfo;

/**
 * Reads several trees at once. A root that cannot be read does not fail the others: its entry says why. The roots
 * may lie in each other's trees.
 *
 * @param pids The roots, at most 1,048,576 of them.
 * @returns One entry a root, in the same order.
 * @throws As {@link getMemoryInfoBatch}.
 */
export function getTreeMemoryInfoBatch(
  pids: Iterable<number>,
  options?: TreeOptions,
): TreeBatchEntry[];

/**
 * Reads the memory of every process that the caller may see. A process that exits meanwhile is left out; one that the
 * system refuses to tell about stands in `unreadable`.
 */
export function getAllMemoryInfo(options?: TreeOptions): AllMemoryInfo;

/**
 * Reads the operating system's own counters of one process.
 *
 * @param pid The process; this one if left out.
 * @throws As {@link getMemoryInfo}.
 */
export function getMemoryCounters(pid?: number): MemoryCounters;

/**
 * May hang as long as the process is stuck in the kernel; the promise form takes a timeout. Reads what one process costs,
 * exactly. Expensive, and it holds up the process: see {@link MemoryFootprint}.
 *
 * @param pid The process; this one if left out.
 * @throws As {@link getMemoryInfo}; `EACCES` without the right to trace the process.
 */
export function getMemoryFootprint(pid?: number): MemoryFootprint;

/**
 * Reads the tightest memory limit on a process.
 *
 * @param pid The process; this one if left out.
 * @returns `null` where nothing in view limits it, and all of that was read.
 * @throws As {@link getMemoryInfo}; and if no limit was found, but one may be where it cannot be seen: `EACCES` or `EPERM`
 * where the system refuses, `ENOSYS` where it is out of view, as for a process of another container.
 */
export function getMemoryLimit(pid?: number): MemoryLimit | null;

/** Reads the memory of the whole machine. */
export function getSystemMemoryInfo(): SystemMemoryInfo;

/**
 * Opens a process, to be asked repeatedly and without fear that its pid is used again.
 *
 * @param pid The process; this one if left out.
 * @throws As {@link getMemoryInfo}.
 */
export function openProcess(pid?: number): ProcessHandle;

/** What `app.getAppMetrics()` of Electron says of a process, as far as {@link withAppMetrics} looks at it. */
export interface AppMetric {
  pid: number;
  /** `Browser`, `Tab`, `GPU`, `Utility`, `Zygote` and so on. */
  type: string;
  /** In milliseconds since the Unix epoch; 0 if Electron does not know. */
  creationTime?: number;
  name?: string;
  serviceName?: string;
}

/** What Electron calls one of its processes. */
export interface AppProcess {
  type: string;
  /** As Electron words it for users, such as `Network Service`. */
  name?: string;
  /** Not worded for users, such as `network.mojom.NetworkService`. */
  serviceName?: string;
}

/** A process in a tree, with what Electron calls it. */
export interface AppProcessMemoryInfo extends ProcessMemoryInfo {
  /** Not there for what is none of Electron's, such as a program that the application has spawned. */
  app?: AppProcess;
}

/** A tree with what Electron calls its processes. */
export interface AppTreeMemoryInfo extends TreeMemoryInfo {
  processes: AppProcessMemoryInfo[];
  /** What Electron has metrics of, and the tree does not hold: gone, unreadable, or no descendant of its root. */
  unmatched: (AppProcess & { pid: number })[];
}

/**
 * Joins a tree with Electron's own metrics, by pid and creation time: a metric that is more than two seconds older or
 * younger than the process that bears its pid is about another one. Neither argument is changed.
 *
 * @param tree An answer of {@link getTreeMemoryInfo}, in either form, about Electron's main process.
 * @param metrics The answer of `app.getAppMetrics()`.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if they are not; a metric has a `pid` and a `type`.
 * @throws {RangeError} `ERR_OUT_OF_RANGE` if the `pid` of a metric is none.
 */
export function withAppMetrics(
  tree: TreeMemoryInfo,
  metrics: readonly AppMetric[],
): AppTreeMemoryInfo;

/** The same functions, returning promises and doing their work off the JavaScript thread. */
export * as promises from './lib/promises.js';
