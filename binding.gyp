{
  "variables": {
    # The folder under src/ that holds this operating system's code, named as process.platform names it.
    "conditions": [
      ["OS == 'linux'", {"platform%": "linux"}],
      ["OS == 'mac'", {"platform%": "darwin"}],
      ["OS == 'win'", {"platform%": "win32"}],
      ["OS in 'freebsd openbsd netbsd aix'.split()", {"platform%": "<(OS)"}],
      ["OS == 'solaris'", {"platform%": "sunos"}],
      ["OS not in 'linux mac win freebsd openbsd netbsd aix solaris'.split()", {"platform%": "unsupported"}]
    ],
    # Builds the addon with sanitizers: node-gyp rebuild -- -Dsanitize=address,undefined
    "sanitize%": ""
  },
  "target_defaults": {
    "defines": ["NAPI_VERSION=8", "NODE_ADDON_API_DISABLE_DEPRECATED", "NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS",
                "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS",
                # Electron has no external buffers: what would make one does not compile.
                "NODE_API_NO_EXTERNAL_BUFFERS_ALLOWED"],
    "conditions": [
      ["OS != 'win'", {
        "cflags": ["-Wall", "-Wextra", "-fvisibility=hidden"],
        "cflags_c": ["-std=c11", "-Wshadow", "-Wconversion"],
        "cflags_cc": ["-fvisibility-inlines-hidden"]
      }],
      ["OS == 'linux'", {"defines": ["_GNU_SOURCE"], "ldflags": ["-Wl,-z,relro,-z,now"]}],
      ["sanitize != ''", {
        "cflags": ["-fsanitize=<(sanitize)", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer", "-g"],
        "ldflags": ["-fsanitize=<(sanitize)"],
        "xcode_settings": {
          "OTHER_CFLAGS": ["-fsanitize=<(sanitize)", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer", "-g"],
          "OTHER_LDFLAGS": ["-fsanitize=<(sanitize)"]
        }
      }]
    ]
  },
  "targets": [
    {
      "target_name": "process_memory_info",
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "sources": ["src/binding.cc"],
      # Of the target, because those of Node.js go before target_defaults. On macOS the cflags above count for nothing.
      "xcode_settings": {
        "MACOSX_DEPLOYMENT_TARGET": "11.0",
        "GCC_C_LANGUAGE_STANDARD": "c11",
        "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
        "CLANG_CXX_LIBRARY": "libc++",
        "GCC_ENABLE_CPP_EXCEPTIONS": "NO",
        "GCC_SYMBOLS_PRIVATE_EXTERN": "YES",
        "GCC_INLINES_ARE_PRIVATE_EXTERN": "YES",
        "WARNING_CFLAGS": ["-Wall", "-Wextra"]
      },
      "conditions": [
        ["OS == 'win'", {
          "dependencies": ["core"],
          "win_delay_load_hook": "true",
          # Where K32GetProcessMemoryInfo() is comes with the compiler's defaults: kernel32.lib.
          "libraries": ["ntdll.lib"]
        }, {
          "includes": ["core.gypi"]
        }],
        # A thread may still run in it when the worker that loaded it has ended.
        ["OS not in 'mac win aix'.split()", {"ldflags": ["-Wl,-z,nodelete"]}],
        ["OS == 'aix'", {"libraries": ["-lperfstat"]}]
      ]
    }
  ],
  "conditions": [
    ["OS == 'win'", {
      # MSVC takes one /std for all sources of a target, and refuses that of C beside that of C++ (D8016), which
      # Node.js's own settings bring. So the C is a target of its own there, without the latter.
      "targets": [
        {
          "target_name": "core",
          "type": "static_library",
          "win_delay_load_hook": "false",
          "includes": ["core.gypi"],
          "msvs_settings": {
            "VCCLCompilerTool": {
              "AdditionalOptions!": ["-std:c++17", "/std:c++17", "-std:c++20", "/std:c++20"],
              "AdditionalOptions": ["/std:c11"]
            }
          }
        }
      ]
    }]
  ]
}
