{
  "variables": {
    # The folder under src/ that holds this operating system's code, named as process.platform names it.
    "conditions": [
      ["OS == 'linux'", {"platform%": "linux"}, {"platform%": "unsupported"}]
    ],
    # Builds the addon with AddressSanitizer and UndefinedBehaviorSanitizer: node-gyp rebuild --sanitize=1
    "sanitize%": 0
  },
  "target_defaults": {
    "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
    "defines": ["NAPI_VERSION=8", "NODE_ADDON_API_DISABLE_DEPRECATED", "NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS",
                "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"],
    "conditions": [
      ["OS != 'win'", {
        "cflags": ["-Wall", "-Wextra", "-fvisibility=hidden"],
        "cflags_c": ["-std=c11", "-Wshadow", "-Wconversion"],
        "cflags_cc": ["-fvisibility-inlines-hidden"]
      }],
      ["OS == 'linux'", {"defines": ["_GNU_SOURCE"], "ldflags": ["-Wl,-z,relro,-z,now"]}],
      ["sanitize == 1", {
        "cflags": ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer", "-g"],
        "ldflags": ["-fsanitize=address,undefined"]
      }]
    ]
  },
  "targets": [
    {
      "target_name": "process_memory_info",
      "sources": [
        "src/binding.cc",
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
            "src/linux/process.c",
            "src/linux/parse_cgroup.c"
          ]
        }]
      ]
    }
  ]
}
