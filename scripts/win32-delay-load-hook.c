/*
 * For the mingw build only; node-gyp brings its own for MSVC. The addon is linked against "NODE.EXE", but the process
 * that loads it may be called electron.exe or anything else. Its import is therefore delayed to the first call, and
 * answered here with the program that is running, whatever its name.
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
  /* Where Node is built as a library, that is where Node-API is. */
  HMODULE module = GetModuleHandleW(L"libnode.dll");
  if (module == NULL)
    module = GetModuleHandleW(NULL);
  return (FARPROC)(void *)module;
}

PfnDliHook __pfnDliNotifyHook2 = host_of_the_addon;
