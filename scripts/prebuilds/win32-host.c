/*
 * Finds Node-API on Windows in the program that loads the addon, which may be node.exe, electron.exe or another one. An
 * import would name one of them. Instead, this defines the pointers that an import would have filled in, and fills them
 * in when the addon is loaded; that fails if the program lacks a function.
 *
 * scripts/prebuilds.sh writes node-api-used.h: FUNCTION(name) for each function that the addon calls.
 */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#ifdef _X86_
#define IMPORTED "__imp__"
#else
#define IMPORTED "__imp_"
#endif

#define FUNCTION(name) FARPROC imported_##name __asm__(IMPORTED #name);
#include "node-api-used.h"
#undef FUNCTION

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, void *reserved) {
  (void)self;
  (void)reserved;
  if (reason != DLL_PROCESS_ATTACH)
    return TRUE;
  /* If Node.js is built as a library, that library has Node-API. */
  HMODULE host = GetModuleHandleW(L"libnode.dll");
  if (host == NULL)
    host = GetModuleHandleW(NULL);
#define FUNCTION(name)                                                                                                 \
  imported_##name = GetProcAddress(host, #name);                                                                       \
  if (imported_##name == NULL)                                                                                         \
    return FALSE;
#include "node-api-used.h"
#undef FUNCTION
  return TRUE;
}
