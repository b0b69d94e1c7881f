/*
 * Where the addon finds Node-API on Windows: in the program that loads it, be that node.exe, electron.exe or another.
 * An import would name one of them. Instead this defines the pointers that an import would have filled, and fills them
 * when the addon is loaded; a program that lacks a function does not load it.
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
  /* Where Node is built as a library, that is where Node-API is. */
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
