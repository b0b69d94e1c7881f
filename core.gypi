{
  # The core, in C: binding.gyp includes it where it goes.
  "sources": [
    "src/counters.c",
    "src/error.c",
    "src/grow.c",
    "src/tree.c",
    "src/<(platform)/counters.c",
    "src/<(platform)/footprint.c",
    "src/<(platform)/handle.c",
    "src/<(platform)/limit.c",
    "src/<(platform)/memory.c",
    "src/<(platform)/processes.c",
    "src/<(platform)/system.c"
  ],
  "conditions": [
    ["platform == 'linux'", {
      "sources": [
        "src/linux/cgroup.c",
        "src/linux/cgroup_limit.c",
        "src/linux/descendants.c",
        "src/linux/os.c",
        "src/linux/parse.c",
        "src/linux/parse_cgroup.c",
        "src/linux/process.c"
      ]
    }],
    ["platform == 'win32'", {
      "sources": [
        "src/win32/listing.c",
        "src/win32/os.c",
        "src/win32/process.c",
        "src/win32/utf16.c",
        "src/win32/vm.c"
      ]
    }]
  ]
}
