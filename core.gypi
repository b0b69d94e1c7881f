{
  # The core, in C: binding.gyp includes it where it goes.
  "sources": [
    "src/collections.c",
    "src/error.c",
    "src/one_tree.c",
    "src/thread.c",
    "src/tree.c"
  ],
  "conditions": [
    ["platform in 'linux darwin win32'.split()", {
      "sources": [
        "src/<(platform)/footprint.c",
        "src/<(platform)/handle.c",
        "src/<(platform)/limit.c",
        "src/<(platform)/memory.c",
        "src/<(platform)/system.c"
      ]
    }],
    ["platform in 'darwin win32'.split()", {"sources": ["src/<(platform)/processes.c"]}],
    ["platform == 'darwin'", {
      "sources": [
        "src/darwin/os.c",
        "src/darwin/process.c",
        "src/darwin/regions.c",
        "src/darwin/usage.c"
      ]
    }],
    ["platform == 'linux'", {
      "sources": [
        "src/linux/address_space.c",
        "src/linux/cgroup.c",
        "src/linux/command.c",
        "src/linux/counters.c",
        "src/linux/descent.c",
        "src/linux/ids.c",
        "src/linux/os.c",
        "src/linux/parse.c",
        "src/linux/parse_cgroup.c",
        "src/linux/process.c",
        "src/linux/program.c",
        "src/linux/table.c",
        "src/linux/tree.c"
      ]
    }],
    ["platform != 'linux'", {"sources": ["src/process_list.c"]}],
    ["platform != 'linux'", {"sources": ["src/no_command.c"]}],
    ["platform != 'win32'", {"sources": ["src/no_job.c"]}],
    ["platform == 'win32'", {
      "sources": [
        "src/win32/error.c",
        "src/win32/job.c",
        "src/win32/listing.c",
        "src/win32/os.c",
        "src/win32/process.c",
        "src/win32/vm.c"
      ]
    }],
    # Where the kernel keeps one record of each process, that is all that the system's own folder has to read.
    ["platform not in 'linux darwin win32'.split()", {
      "sources": [
        "src/record/footprint.c",
        "src/record/handle.c",
        "src/record/memory.c",
        "src/record/record.c",
        "src/record/tree.c"
      ]
    }],
    ["platform in 'freebsd openbsd netbsd sunos aix'.split()", {"sources": ["src/<(platform)/system.c"]}],
    ["platform in 'freebsd openbsd netbsd'.split()", {"sources": ["src/record/sysctl.c", "src/<(platform)/process.c"]}],
    ["platform in 'sunos aix'.split()", {"sources": ["src/record/psinfo.c", "src/<(platform)/psinfo.c"]}],
    ["platform in 'openbsd netbsd sunos aix unsupported'.split()", {"sources": ["src/record/no_private.c"]}],
    ["platform == 'unsupported'", {"sources": ["src/unsupported.c"]}],
    ["platform != 'win32'", {"sources": ["src/batch.c"]}]
  ]
}
