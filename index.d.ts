/// <reference lib="esnext.disposable" />

/**
 * Memory usage of any process or process tree, read directly from the operating system.
 *
 * Every size is an integer in KiB (1024 bytes), rounded down. A value that the operating system does not report is left
 * out; 0 always means zero, as for a zombie, or a kernel thread of Linux, which have no memory.
 */

/** The memory of one process. */
export interface MemoryInfo {
  /** Process id. */
  pid: number;

  /**
   * Physical memory that the process occupies now, in KiB, including pages that it shares with other processes.
   *
   * - Linux: `VmRSS` of `/proc/PID/status`
   * - macOS: `ri_resident_size` of `proc_pid_rusage()`
   * - Windows: `WorkingSetSize` of `GetProcessMemoryInfo()`
   * - FreeBSD: `ki_rssize`; OpenBSD, NetBSD: `p_vm_rssize`; SunOS, AIX: `pr_rssize`
   */
  workingSetSize: number;

  /**
   * The largest working set that the process has had, in KiB. Left out for a zombie and for a process that is exiting,
   * because no system reports it then.
   *
   * - Linux: `VmHWM` of `/proc/PID/status`
   * - macOS: `resident_size_peak` of `TASK_VM_INFO`, otherwise `resident_size_max`; left out for other users' processes
   *   unless the caller is root
   * - Windows: `PeakWorkingSetSize` of `GetProcessMemoryInfo()`
   * - FreeBSD, OpenBSD, NetBSD: `ru_maxrss`, or the current working set if that is larger; `exec()` does not reset it;
   *   left out if NetBSD does not keep it
   * - SunOS, AIX: left out
   */
  peakWorkingSetSize?: number;

  /**
   * Memory that belongs to the process alone and is not backed by a file, in KiB. Pages that a forked child still
   * shares with its parent (copy on write) count in both.
   *
   * - Linux: `RssAnon` of `/proc/PID/status`, the resident anonymous memory; before Linux 4.5 `resident` minus `shared`
   *   of `statm`
   * - macOS: `phys_footprint`, which includes compressed and swapped memory, so that it may exceed `workingSetSize`;
   *   anonymous memory that several processes share counts in each of them
   * - Windows: `PrivateUsage`, the private *committed* memory, resident or not
   * - BSDs, SunOS, AIX: left out
   */
  privateBytes?: number;

  /**
   * The part of the working set that is backed by files or shared memory, in KiB. Other processes can map the same
   * pages, whether or not one does now.
   *
   * - Linux: `RssFile` + `RssShmem` of `/proc/PID/status`; before Linux 4.5 `shared` of `statm`
   * - macOS: `external` of `TASK_VM_INFO`, the memory backed by files; left out for other users' processes unless the
   *   caller is root
   * - Windows: `WorkingSetSize` minus the private working set; left out for a single process if Windows does not report
   *   the latter; Windows 10 22H2 and later do
   * - BSDs, SunOS, AIX: left out
   */
  sharedBytes?: number;
}

/**
 * The exact memory cost of a process, in KiB.
 *
 * Reading it is expensive. The kernel walks the page tables of the process, which takes about 30 µs for a small process
 * and **seconds** for hundreds of gigabytes, and the process's own page faults and mappings wait meanwhile. Use the
 * promise form for anything large.
 *
 * On Linux it requires the right to trace the process (same user, or `CAP_SYS_PTRACE`), otherwise it fails with
 * `EACCES`.
 */
export interface MemoryFootprint {
  /** Process id. */
  pid: number;

  /**
   * Unique set size: the memory that would be freed if the process exited now, in KiB.
   *
   * - Linux: the `Private_…` lines of `smaps_rollup`, including huge pages of hugetlbfs
   * - macOS: the resident pages that nothing else references, by `PROC_PIDREGIONINFO`; left out if the walk over all
   *   regions would take more than 2 seconds
   * - Windows: the pages of `QueryWorkingSet()` that no other process maps; left out if Windows refuses it, and for
   *   most processes of a tree
   * - FreeBSD: a lower bound by `kern.proc.vmmap`, which excludes memory that was copied on write after a fork
   * - elsewhere: left out
   */
  uss?: number;

  /**
   * Proportional set size, in KiB: each shared page is divided by the number of processes that map it.
   *
   * - Linux: `Pss` of `smaps_rollup`, which excludes huge pages of hugetlbfs
   * - elsewhere: left out
   */
  pss?: number;

  /**
   * Memory that is swapped out, in KiB.
   *
   * - Linux: `Swap` of `smaps_rollup`; shared memory that is swapped out counts in each process that maps it
   * - elsewhere: left out
   */
  swap?: number;

  /**
   * Memory that is swapped out, in KiB: each shared page is divided by the number of processes that share it.
   *
   * - Linux 4.3 and later: `SwapPss` of `smaps_rollup`, which excludes shared memory, because the kernel does not
   *   divide it
   * - elsewhere: left out
   */
  swapPss?: number;

  /**
   * Huge pages of hugetlbfs, in KiB, counted in each process that maps them.
   *
   * - Linux 4.4 and later: `Private_Hugetlb` + `Shared_Hugetlb` of `smaps_rollup`
   * - elsewhere: left out
   */
  hugetlb?: number;

  /**
   * The cost of the process in one figure, in KiB. Its sum over several processes counts no page twice, except on
   * macOS.
   *
   * - Linux: `pss` + `swapPss`, before 4.3 `pss` alone; excludes swapped-out shared memory and huge pages of hugetlbfs
   * - macOS: `phys_footprint`, which includes compressed and swapped memory and excludes mapped files; anonymous memory
   *   that several processes share counts in each of them
   * - Windows: the private working set
   * - FreeBSD: `uss`
   * - elsewhere: reading a footprint fails with `ENOSYS`
   */
  footprint: number;

  /** The source of the figures. */
  method: FootprintMethod;
}

/**
 * The source of a footprint.
 *
 * - `smaps_rollup`: Linux 4.14 and later
 * - `smaps`: older kernels; the same figures, summed by this package
 * - `status`: Linux, only in a tree, if the exact figures were refused: `RssAnon` + `VmSwap`. An estimate: it excludes
 *   mapped files, and pages that forked processes share count in each of them
 * - `phys_footprint`: macOS, the value that Activity Monitor shows
 * - `private_working_set`: Windows, the value that Task Manager shows
 * - `working_set`: Windows, if the private working set is not reported: the pages of `QueryWorkingSet()` that no other
 *   process maps
 * - `private_usage`, `working_set_size`: Windows, only in a tree, if neither is available: the smaller of the two
 *   values, an upper bound
 * - `vmmap_lower_bound`: FreeBSD, the resident pages of anonymous memory that no other process maps. A lower bound: it
 *   excludes pages that were copied on write
 * - `rss`: BSDs, SunOS and AIX, only in a tree, if the footprint was refused or does not exist: an upper bound
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
   * The error because of which the figures are an estimate. On Linux also `EPERM` or `ENOSYS` of kcmp(2), if it is
   * unknown whether an earlier process of the tree shares this memory (see `sharesMemoryWith`). Left out if the figures
   * are exact.
   */
  code?: SystemErrorCode;

  /**
   * Linux: the pid of an earlier process of the tree that has the same address space, after vfork(2) or with
   * `CLONE_VM`. The total counts the memory only there. Left out if the address space is not shared.
   */
  sharesMemoryWith?: number;
}

/** The footprint of a tree. It counts no page of the exact footprints twice, except on macOS. */
export interface FootprintTotal {
  /** Sum of the footprints, in KiB. It includes estimates, and excludes processes with `sharesMemoryWith`. */
  footprint: number;
  /** Number of processes whose footprint is exact. */
  covered: number;
  /** Number of processes in the sum. */
  of: number;
  /** The methods used, joined by `+`. */
  method: string;
}

/** A process in a tree. */
export interface ProcessMemoryInfo extends MemoryInfo {
  /** Process id of the parent. */
  ppid: number;

  /**
   * Name of the program. Bytes that are not valid UTF-8 become U+FFFD. A process may choose its own name.
   *
   * - Linux: `comm`, at most 15 bytes; if Node.js named its main thread `MainThread`, the name of the program
   * - macOS: `p_comm`, or `proc_name()` if that is truncated
   * - Windows: the file name of the program
   * - FreeBSD: `ki_comm`; OpenBSD, NetBSD: `p_comm`; SunOS, AIX: `pr_fname`
   */
  name: string;

  /**
   * When the process was created, in milliseconds since the Unix epoch. `pid` and `creationTime` together identify a
   * process, because pids are reused.
   *
   * - Linux: boot time in whole seconds plus `starttime` of `/proc/PID/stat`, as in `ps`: up to one second early.
   *   Within one program it does not change when the clock is set, whereas the value of `ps` does
   * - macOS: `p_starttime` of `sysctl(KERN_PROC)`
   * - Windows: `CreateTime` of `NtQuerySystemInformation()`
   * - FreeBSD: `ki_start`; OpenBSD, NetBSD: `p_ustart_sec`, 0 for zombies. On FreeBSD and OpenBSD it changes when the
   *   clock is set
   * - SunOS, AIX: `pr_start`
   */
  creationTime: number;

  /**
   * Whether the process is running, as {@link ProcessHandle.isAlive} returns it. False for a zombie and for a process
   * that is exiting: these have no memory, and their peak is unknown.
   */
  alive: boolean;

  /**
   * Present, and true, if the process has executed no program since it was forked: its memory is still that of its
   * parent, except for what either has written since, so `privateBytes` of both include it. Also present if it may have
   * executed one while it was read. Linux only: `PF_FORKNOEXEC` in `/proc/PID/stat`.
   */
  forked?: true;

  /** The footprint of the process. Left out unless requested with {@link TreeOptions.footprint}. */
  footprint?: ProcessFootprint;
}

/** Sums over a tree. */
export interface TreeMemoryTotal {
  /** Number of processes in the sums. */
  processes: number;

  /** Sum of `workingSetSize`, in KiB. A page that several processes share counts once for each of them. */
  workingSetSize: number;

  /**
   * Sum of `privateBytes`, in KiB. It excludes files and shared memory; pages that forked processes still share count
   * once for each of them. Left out if the value of any process is unknown.
   */
  privateBytes?: number;

  /** Sum of the footprints. Left out unless requested with {@link TreeOptions.footprint}. */
  footprint?: FootprintTotal;
}

/** Options for reading a tree. */
export interface TreeOptions {
  /**
   * Also reads the footprint of each process and their sum. Expensive: see {@link MemoryFootprint}. If the system
   * refuses a footprint, it is an estimate with a `code`. The synchronous form waits as long as a process is stuck in
   * the kernel; the promise form has a timeout. False by default.
   */
  footprint?: boolean;
}

/** A process of a tree that the system refused to show. */
export interface UnreadableProcess {
  /** Process id. */
  pid: number;
  /** The error with which the call failed. */
  code: SystemErrorCode;
  /** The system call that failed. */
  syscall: string;
}

/** The memory of a process and its descendants. */
export interface TreeMemoryInfo {
  /** Process id of the root. */
  pid: number;
  /** The processes: the root first, each parent before its children, siblings by age. */
  processes: ProcessMemoryInfo[];
  /** The sums over `processes`. */
  total: TreeMemoryTotal;
  /**
   * Processes that could not be read. They are in neither `processes` nor `total`; their descendants may be missing.
   */
  unreadable: UnreadableProcess[];
}

/** The memory of every process that the caller may see. */
export interface AllMemoryInfo {
  /** The processes, in ascending order of pid, including zombies and, on Linux, kernel threads. */
  processes: ProcessMemoryInfo[];
  /** The sums over `processes`. */
  total: TreeMemoryTotal;
  /** Processes that could not be read. They are in neither `processes` nor `total`. */
  unreadable: UnreadableProcess[];
}

/**
 * All memory counters that the operating system keeps for a process, by the names of psutil and Windows. `platform`
 * discriminates the types. Sizes are in KiB, faults are counts. A counter that the system does not report is left out.
 */
export type MemoryCounters =
  | LinuxMemoryCounters
  | DarwinMemoryCounters
  | WindowsMemoryCounters
  | BsdMemoryCounters
  | UnixMemoryCounters;

/**
 * The counters of Linux, from `/proc/PID/statm`, `/proc/PID/status` and `/proc/PID/stat`. Sizes in KiB. An optional
 * counter is left out if the kernel does not report it.
 */
export interface LinuxMemoryCounters {
  /** Process id. */
  pid: number;
  /** The operating system. */
  platform: 'linux';
  /** Resident set size, the physical memory in use: `resident` of `statm`. */
  rss: number;
  /** Virtual memory size, the address space in use, resident or not: `size` of `statm`. */
  vms: number;
  /** Resident pages of files and shared memory: `shared` of `statm`. */
  shared: number;
  /** Address space of the program's code: `text` of `statm`. */
  text: number;
  /** Always 0 since Linux 2.6: `lib` of `statm`. */
  lib: number;
  /** Address space of data and stack: `data` of `statm`. */
  data: number;
  /** Always 0 since Linux 2.6: `dt` of `statm`. */
  dirty: number;
  /** Resident anonymous memory: `RssAnon`, Linux 4.5 and later. */
  anon?: number;
  /** Resident pages of files: `RssFile`, Linux 4.5 and later. */
  file?: number;
  /** Resident shared memory: `RssShmem`, Linux 4.5 and later. */
  shmem?: number;
  /** Anonymous memory that is swapped out: `VmSwap`. */
  swap?: number;
  /** The largest `rss` that the process has had: `VmHWM`. Left out for a zombie and for a process that is exiting. */
  peakRss?: number;
  /** The largest `vms` that the process has had: `VmPeak`. Left out for a zombie and for a process that is exiting. */
  peakVms?: number;
  /** The stack of the main thread, which is part of `data`: `VmStk`. */
  stack?: number;
  /** Page tables, which no other counter includes: `VmPTE`. */
  pageTables?: number;
  /** Memory locked by mlock(2): `VmLck`. */
  locked?: number;
  /** Memory pinned in place, for example for DMA: `VmPin`. */
  pinned?: number;
  /** Huge pages of hugetlbfs, which no other counter includes: `HugetlbPages`. */
  hugetlb?: number;
  /** Page faults that needed no I/O, a count: `minflt` of `stat`. */
  minorFaults: number;
  /** Page faults that read from a disk, a count: `majflt` of `stat`. */
  majorFaults: number;
}

/**
 * The counters of macOS, from `proc_pid_rusage()`, `PROC_PIDTASKINFO` of `proc_pidinfo()` and `TASK_VM_INFO` of
 * `task_info()`. Sizes in KiB. Those of `TASK_VM_INFO` are left out for other users' processes unless the caller is
 * root.
 */
export interface DarwinMemoryCounters {
  /** Process id. */
  pid: number;
  /** The operating system. */
  platform: 'darwin';
  /** Resident size, the physical memory in use: `ri_resident_size`. */
  rss: number;
  /** Address space in use, resident or not, typically hundreds of gigabytes: `pti_virtual_size`. */
  vms: number;
  /** Page faults, a count: `pti_faults`, psutil's `pfaults`. Left out at its maximum, 2147483647, where it stops. */
  pageFaults?: number;
  /** Pages read from a disk, a count: `ri_pageins`. */
  pageins: number;
  /** Page faults that copied a page, a count: `pti_cow_faults`. Left out at its maximum, 2147483647, where it stops. */
  copyOnWriteFaults?: number;
  /** Physical footprint, which Activity Monitor shows as Memory: `ri_phys_footprint`. */
  footprint: number;
  /** The largest footprint that the process has had: `ri_lifetime_max_phys_footprint`. */
  peakFootprint?: number;
  /** Memory that cannot be paged out: `ri_wired_size`. */
  wired: number;
  /** The largest `rss` that the process has had: `resident_size_peak` of `TASK_VM_INFO`. */
  peakRss?: number;
  /** Resident anonymous memory, which decreases when it is compressed: `internal` of `TASK_VM_INFO`. */
  internal?: number;
  /** Resident memory backed by files: `external` of `TASK_VM_INFO`. */
  external?: number;
  /**
   * Memory that the process has given up but the system has not reclaimed, part of `rss` and of no footprint:
   * `reusable` of `TASK_VM_INFO`.
   */
  reusable?: number;
  /** Memory that is compressed or swapped out, by its uncompressed size: `compressed` of `TASK_VM_INFO`. */
  compressed?: number;
}

/** The counters of Windows, mostly `PROCESS_MEMORY_COUNTERS_EX2` of `GetProcessMemoryInfo()`. Sizes in KiB. */
export interface WindowsMemoryCounters {
  /** Process id. */
  pid: number;
  /** The operating system. */
  platform: 'win32';
  /** Page faults, a count: `PageFaultCount`. */
  pageFaultCount: number;
  /** The largest working set that the process has had: `PeakWorkingSetSize`. */
  peakWorkingSetSize: number;
  /** Physical memory in use: `WorkingSetSize`. */
  workingSetSize: number;
  /** The largest `quotaPagedPoolUsage` that the process has had: `QuotaPeakPagedPoolUsage`. */
  quotaPeakPagedPoolUsage: number;
  /** Paged pool charged to the process: `QuotaPagedPoolUsage`. */
  quotaPagedPoolUsage: number;
  /** The largest `quotaNonPagedPoolUsage` that the process has had: `QuotaPeakNonPagedPoolUsage`. */
  quotaPeakNonPagedPoolUsage: number;
  /** Non-paged pool charged to the process: `QuotaNonPagedPoolUsage`. */
  quotaNonPagedPoolUsage: number;
  /** Committed memory: `PagefileUsage`. */
  pagefileUsage: number;
  /** The largest `pagefileUsage` that the process has had: `PeakPagefileUsage`. */
  peakPagefileUsage: number;
  /** Private committed memory: `PrivateUsage`. Left out if Windows does not report it. */
  privateUsage?: number;
  /**
   * Private working set: `PrivateWorkingSetSize`. Left out if Windows does not report it; Windows 10 22H2 and later do.
   */
  privateWorkingSetSize?: number;
  /**
   * Committed shared memory: `SharedCommitUsage`. Left out if Windows does not report it; Windows 10 22H2 and later do.
   */
  sharedCommitUsage?: number;
  /**
   * Address space in use, including reserved addresses: `VirtualSize` of `NtQueryInformationProcess()`. Left out if
   * that call fails.
   */
  virtualSize?: number;
  /** The largest `virtualSize` that the process has had: `PeakVirtualSize`. Left out together with `virtualSize`. */
  peakVirtualSize?: number;
  /**
   * Page faults that read from a disk, a count: `HardFaultCount` of `NtQuerySystemInformation()`. Left out unless the
   * process had to be read from the list of all processes.
   */
  hardFaultCount?: number;
}

/** The counters of the BSDs, from `kinfo_proc` of `sysctl()`. Sizes in KiB. */
export interface BsdMemoryCounters {
  /** Process id. */
  pid: number;
  /** The operating system. */
  platform: 'freebsd' | 'openbsd' | 'netbsd';
  /** Resident set size, the physical memory in use: `ki_rssize` or `p_vm_rssize`. */
  rss: number;
  /** Virtual memory size: `ki_size`, `p_vm_msize`, on OpenBSD the sum of `text`, `data` and `stack` as in its ps(1). */
  vms: number;
  /** Address space of the program's code: `ki_tsize` or `p_vm_tsize`. */
  text: number;
  /** Address space of the data: `ki_dsize` or `p_vm_dsize`. */
  data: number;
  /** Address space of the stack: `ki_ssize` or `p_vm_ssize`. */
  stack: number;
  /**
   * The largest `rss` that the process has had: `ru_maxrss`, or `rss` if that is larger. Left out for zombies, and if
   * NetBSD does not keep it.
   */
  peakRss?: number;
  /** Page faults that needed no I/O, a count: `ru_minflt` or `p_uru_minflt`. */
  minorFaults: number;
  /** Page faults that read from a disk, a count: `ru_majflt` or `p_uru_majflt`. */
  majorFaults: number;
}

/** The counters of SunOS and AIX, from `/proc/PID/psinfo`. Sizes in KiB. */
export interface UnixMemoryCounters {
  /** Process id. */
  pid: number;
  /** The operating system. */
  platform: 'sunos' | 'aix';
  /** Resident set size, the physical memory in use: `pr_rssize`. */
  rss: number;
  /** Virtual memory size: `pr_size`. */
  vms: number;
}

/** The memory of the machine, in KiB. In a container these are usually the figures of the host. */
export interface SystemMemoryInfo {
  /**
   * Physical memory, in KiB.
   *
   * - Linux: `MemTotal` of `/proc/meminfo`
   * - macOS: `hw.memsize`
   * - Windows: `ullTotalPhys` of `GlobalMemoryStatusEx()`
   * - BSDs: `hw.physmem`; SunOS: `_SC_PHYS_PAGES`; AIX: `real_total`
   */
  total: number;

  /**
   * Physical memory that is not used at all, not even as cache, in KiB.
   *
   * - Linux: `MemFree` of `/proc/meminfo`
   * - macOS: `free_count` minus `speculative_count` of `host_statistics64()`
   * - Windows: the same as `available`
   * - BSDs: the free pages; SunOS: `_SC_AVPHYS_PAGES`; AIX: `real_free`
   */
  free: number;

  /**
   * Memory that can be allocated without swapping, in KiB.
   *
   * - Linux 3.14 and later: `MemAvailable` of `/proc/meminfo`
   * - macOS: `free_count` + `inactive_count` of `host_statistics64()`
   * - Windows: `ullAvailPhys` of `GlobalMemoryStatusEx()`
   * - BSDs: the free and inactive pages, on OpenBSD also the clean buffers of files; AIX: `real_avail`
   * - SunOS: left out
   */
  available?: number;

  /**
   * Swap space, in KiB.
   *
   * - Linux: `SwapTotal` of `/proc/meminfo`
   * - macOS: `xsu_total` of `vm.swapusage`, which grows as swap space is used
   * - Windows: `TotalSize` of all page files, by `EnumPageFiles()`; left out in Wine
   * - BSDs: all swap devices; AIX: the paging space
   * - SunOS: left out
   */
  swapTotal?: number;

  /**
   * Swap space that is not used, in KiB. Left out together with `swapTotal`.
   *
   * - Linux: `SwapFree` of `/proc/meminfo`
   * - macOS: `xsu_avail` of `vm.swapusage`
   * - Windows: `TotalSize` minus `TotalInUse` of all page files
   * - BSDs: all swap devices; AIX: the paging space
   */
  swapFree?: number;

  /** macOS only: memory that caches files, in KiB: `external_page_count` of `host_statistics64()`. */
  fileBacked?: number;

  /** macOS only: memory that programs allow the system to discard, in KiB: `purgeable_count` of the same. */
  purgeable?: number;

  /**
   * Windows only: the memory that can be committed in total, physical memory and page files together, in KiB. It is not
   * swap space. `CommitLimit` of `GetPerformanceInfo()`.
   */
  commitLimit?: number;

  /** Windows only: the committed part of `commitLimit`, in KiB: `CommitTotal` of `GetPerformanceInfo()`. */
  commitUsed?: number;
}

/**
 * The tightest memory limit of a process, such as that of its container, in KiB. A limit applies to a group of
 * processes, and so do its usage and what is available: the other processes of the group use it up as well.
 *
 * - Linux: control groups of version 2, version 1 or both: the group of the process and all its ancestors that the
 *   caller can see
 * - Windows: the job of the process
 * - elsewhere: `getMemoryLimit()` fails with `ENOSYS`
 */
export interface MemoryLimit {
  /** Process id. */
  pid: number;

  /**
   * The limit, in KiB, as it is configured: it may exceed the memory of the machine. Left out if only `high` is set,
   * and on Windows if only `available` is known.
   *
   * - Linux: `memory.max`, in version 1 `memory.limit_in_bytes`. If the group exceeds it, one of its processes is
   *   killed
   * - Windows: the smaller of `JobMemoryLimit` and `ProcessMemoryLimit` of the caller's own job, limits on committed
   *   memory. At the limit, allocations fail and no process is killed
   */
  limit?: number;

  /**
   * The threshold above which the kernel slows the group down and reclaims its memory, in KiB: the lowest of the same
   * groups. Left out if none is set.
   *
   * - Linux: `memory.high`; version 1 has none
   * - Windows: left out
   */
  high?: number;

  /**
   * The memory charged to the group that has the limit, including file cache, in KiB. Left out if it is unknown.
   *
   * - Linux: `memory.current`, in version 1 `memory.usage_in_bytes`
   * - Windows: `PrivateCommitUsage` of `ProcessAppMemoryInfo`, which all processes of the job have committed; for
   *   `ProcessMemoryLimit` the `PagefileUsage` of the process
   */
  usage?: number;

  /**
   * `usage` without the file cache that the kernel reclaims first, in KiB. Kubernetes calls this the working set. Left
   * out if `usage` is.
   *
   * - Linux: minus `inactive_file` of `memory.stat`, in version 1 `total_inactive_file`
   * - Windows: the same as `usage`
   */
  usageWithoutCache?: number;

  /**
   * The memory that is left under all limits, in KiB. Left out if it is unknown.
   *
   * - Linux: `limit` minus `usageWithoutCache`, or less if a group further up has less left under its own limit
   * - Windows: `limit` minus `usage`, at most `AvailableCommit` of `ProcessAppMemoryInfo`; that value alone if the
   *   limit is unknown
   */
  available?: number;

  /** Linux only: the file that contains the limit. */
  source?: string;

  /**
   * Whether every limit that the caller can see was read. If false, a tighter limit may exist: in a file that could not
   * be read, in a group above the only one that is mounted, or on Windows in an outer job. Limits that the host sets
   * above the cgroup namespace of a container are not visible inside it and do not count here.
   */
  complete: boolean;
}

/**
 * A handle that stays bound to one process, even if its pid is reused. Once the process has exited, `isAlive()` returns
 * false and all other methods throw `ESRCH`. A zombie still has its handle: it is not alive, and its sizes are 0. Calls
 * by handle are cheaper than by pid.
 *
 * A handle holds two or three descriptors on Linux, a process `HANDLE` on Windows and nothing elsewhere, until it is
 * closed by `close()` or `using`, or garbage collected. It belongs to the thread that opened it. Once it is closed, all
 * methods but `close()` throw `ERR_INVALID_STATE`.
 */
export interface ProcessHandle {
  /** Process id. */
  readonly pid: number;
  /** When the process was created, as {@link ProcessMemoryInfo.creationTime}. */
  readonly creationTime: number;
  /** Returns whether the process is running. False for a zombie, and once the process has exited. */
  isAlive(): boolean;
  /** As {@link getMemoryInfo}. */
  getMemoryInfo(): MemoryInfo;
  /** As {@link getTreeMemoryInfo}. */
  getTreeMemoryInfo(options?: TreeOptions): TreeMemoryInfo;
  /** As {@link getMemoryCounters}. */
  getMemoryCounters(): MemoryCounters;
  /** As {@link getMemoryFootprint}. */
  getMemoryFootprint(): MemoryFootprint;
  /** Closes the handle. Closing it again has no effect. */
  close(): void;
  /** Closes the handle at the end of a `using` block. */
  [Symbol.dispose](): void;
}

/** The `code` of a {@link SystemError}. */
export type SystemErrorCode =
  /** No such process: it never existed, has exited, or is hidden. */
  | 'ESRCH'
  /** The system refused access. */
  | 'EPERM'
  /** The system refused access by file permission. */
  | 'EACCES'
  /** The calling process has no file descriptor left. */
  | 'EMFILE'
  /** The system has no file descriptor left. */
  | 'ENFILE'
  /** Out of memory. */
  | 'ENOMEM'
  /** The operating system does not support the call. */
  | 'ENOSYS'
  /** The system failed in another way, or its result could not be parsed. */
  | 'EIO';

/** Thrown when a system call fails. */
export interface SystemError extends Error {
  /** The error code. */
  code: SystemErrorCode;
  /** libuv's number for `code`, such as -3 for `ESRCH` on Linux. */
  errno: number;
  /** The system call that failed. */
  syscall: string;
  /** The file that the call accessed. Left out if it accessed none. */
  path?: string;
  /** The pid passed to the function. Left out if the error is not about a process. */
  pid?: number;
}

/** Thrown for an invalid argument: a `TypeError` or a `RangeError`. */
export interface ArgumentError extends Error {
  /** `ERR_INVALID_ARG_TYPE` of a `TypeError`, `ERR_OUT_OF_RANGE` of a `RangeError`. */
  code: 'ERR_INVALID_ARG_TYPE' | 'ERR_OUT_OF_RANGE';
}

/** The result for one pid of a batch, in the form of `Promise.allSettled()`. */
export type BatchEntry =
  | { status: 'fulfilled'; value: MemoryInfo; reason?: undefined }
  | { status: 'rejected'; value?: undefined; reason: SystemError | ArgumentError };

/** The result for one root of several trees, in the form of `Promise.allSettled()`. */
export type TreeBatchEntry =
  | { status: 'fulfilled'; value: TreeMemoryInfo; reason?: undefined }
  | { status: 'rejected'; value?: undefined; reason: SystemError | ArgumentError };

/**
 * Reads the memory of one process.
 *
 * @param pid The process; the calling process by default.
 * @throws {SystemError} `ESRCH` if the process does not exist, `EPERM` or `EACCES` if the system refuses access, or
 *   another {@link SystemErrorCode}.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if `pid` is not a number.
 * @throws {RangeError} `ERR_OUT_OF_RANGE` if `pid` is not an integer from 0 to 4294967295.
 */
export function getMemoryInfo(pid?: number): MemoryInfo;

/**
 * Reads the memory of several processes. A pid that cannot be read does not affect the others: its entry contains the
 * error.
 *
 * @param pids At most 1,048,576 pids. An entry takes about 300 bytes, a failed one 1,500.
 * @returns One entry for each pid, in the same order.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if `pids` is not an iterable.
 * @throws {RangeError} `ERR_OUT_OF_RANGE` if it yields more pids; it is then closed.
 */
export function getMemoryInfoBatch(pids: Iterable<number>): BatchEntry[];

/**
 * Reads the memory of a process and its descendants. A process that exits meanwhile is left out. A process that the
 * system refuses to show is listed in `unreadable`.
 *
 * @param pid The root; the calling process by default.
 * @throws As {@link getMemoryInfo} if the root cannot be read; `EMFILE`, `ENFILE` or `ENOMEM` if descriptors or memory
 *   run out; `ERR_INVALID_ARG_TYPE` for an option of another type.
 */
export function getTreeMemoryInfo(pid?: number, options?: TreeOptions): TreeMemoryInfo;

/**
 * Reads several trees in one call. A root that cannot be read does not affect the others: its entry contains the error.
 * A root may be a descendant of another.
 *
 * @param pids The roots, at most 1,048,576.
 * @returns One entry for each root, in the same order.
 * @throws As {@link getMemoryInfoBatch}; `EMFILE`, `ENFILE` or `ENOMEM` if descriptors or memory run out;
 *   `ERR_INVALID_ARG_TYPE` for an option of another type.
 */
export function getTreeMemoryInfoBatch(
  pids: Iterable<number>,
  options?: TreeOptions,
): TreeBatchEntry[];

/**
 * Reads the memory of every process that the caller may see. A process that exits meanwhile is left out. A process that
 * the system refuses to show is listed in `unreadable`.
 *
 * @throws {SystemError} If processes cannot be listed; `EMFILE`, `ENFILE` or `ENOMEM` if descriptors or memory run out.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` for an option of another type.
 */
export function getAllMemoryInfo(options?: TreeOptions): AllMemoryInfo;

/**
 * Reads all memory counters that the operating system keeps for one process.
 *
 * @param pid The process; the calling process by default.
 * @throws As {@link getMemoryInfo}.
 */
export function getMemoryCounters(pid?: number): MemoryCounters;

/**
 * Reads the exact memory cost of one process. Expensive, and it delays the process: see {@link MemoryFootprint}. It
 * waits as long as the process is stuck in the kernel; the promise form has a timeout.
 *
 * @param pid The process; the calling process by default.
 * @throws As {@link getMemoryInfo}; `EACCES` or `EPERM` without the right to trace the process; `ENOSYS` if the system
 *   has no footprints.
 */
export function getMemoryFootprint(pid?: number): MemoryFootprint;

/**
 * Reads the tightest memory limit of a process.
 *
 * @param pid The process; the calling process by default.
 * @returns `null` if every limit that the caller can see was read and none is set.
 * @throws As {@link getMemoryInfo}. If no limit was found but one may exist: `EACCES` or `EPERM` if the system refuses
 *   to show it, `ENOSYS` if it is not visible, as for a process of another container, and on systems without limits.
 */
export function getMemoryLimit(pid?: number): MemoryLimit | null;

/**
 * Reads the memory of the machine.
 *
 * @throws {SystemError} If a system call fails; `ENOSYS` if the system is not supported.
 */
export function getSystemMemoryInfo(): SystemMemoryInfo;

/**
 * Opens a handle that stays bound to one process, even if its pid is reused.
 *
 * @param pid The process; the calling process by default.
 * @throws As {@link getMemoryInfo}.
 */
export function openProcess(pid?: number): ProcessHandle;

/** An element of Electron's `app.getAppMetrics()`, as far as {@link withAppMetrics} reads it. */
export interface AppMetric {
  /** Process id. */
  pid: number;
  /** The type of the process: `Browser`, `Tab`, `GPU`, `Utility`, `Zygote` and so on. */
  type: string;
  /** When the process was created, in milliseconds since the Unix epoch; 0 if unknown. */
  creationTime?: number;
  /** The name of a utility process for users. */
  name?: string;
  /** The name of the service of a utility process. */
  serviceName?: string;
}

/** The type and names that Electron has for one of its processes. */
export interface AppProcess {
  /** The type of the process: `Browser`, `Tab`, `GPU`, `Utility`, `Zygote` and so on. */
  type: string;
  /** A name for users, such as `Network Service`. Left out if Electron has none. */
  name?: string;
  /** The name of the service, such as `network.mojom.NetworkService`. Left out if Electron has none. */
  serviceName?: string;
}

/** A process in a tree, with Electron's type and names for it. */
export interface AppProcessMemoryInfo extends ProcessMemoryInfo {
  /** Left out for a process that is not Electron's, such as a program that the application has started. */
  app?: AppProcess;
}

/** A tree with Electron's types and names for its processes. */
export interface AppTreeMemoryInfo extends TreeMemoryInfo {
  /** The processes of the tree, in the same order. */
  processes: AppProcessMemoryInfo[];
  /** Electron's processes that are not in the tree: exited, unreadable, or not descendants of its root. */
  unmatched: (AppProcess & { pid: number })[];
}

/**
 * Joins a tree with Electron's own metrics, by pid and creation time. A metric whose creation time differs by more than
 * two seconds belongs to another process with the same pid and is ignored. The arguments are not modified.
 *
 * @param tree The result of {@link getTreeMemoryInfo}, in either form, for Electron's main process.
 * @param metrics The result of `app.getAppMetrics()`.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if an argument is of another type, or a metric has no `pid` or `type`.
 * @throws {RangeError} `ERR_OUT_OF_RANGE` if the `pid` of a metric is out of range.
 */
export function withAppMetrics(
  tree: TreeMemoryInfo,
  metrics: readonly AppMetric[],
): AppTreeMemoryInfo;

/** The same functions, which return promises and do their work off the JavaScript thread. */
export * as promises from './lib/promises.js';
