/*
 * For the build with mingw only; node-gyp has its own hook for MSVC. The addon is linked against "NODE.EXE", but the
 * program that loads it may be called electron.exe or anything else. So the import is delayed until the first call,
 * when this hook returns the running program regardless of its name.
 *
 * https://learn.microsoft.com/cpp/build/reference/notification-hooks
 */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <delayimp.h>
#include <string.h>

static FARPROC WINAPI host_of_the_addon(unsigned event, PDelayLoadInfo info) {
  if (event != dliNotePreLoadLibrary || _stricmp(info->szDll, "node.exe") != 0)
    return NULL;
  /* If Node.js is built as a library, that library has Node-API. */
  HMODULE module = GetModuleHandleW(L"libnode.dll");
  if (module == NULL)
    module = GetModuleHandleW(NULL);
  return (FARPROC)(void *)module;
}

PfnDliHook __pfnDliNotifyHook2 = host_of_the_addon;
