// An application that prints, every two seconds, the memory of each of its processes: Electron's own by their types and
// names, and what it has spawned by the names of the programs.

const { spawn } = require('node:child_process');

const { app, BrowserWindow } = require('electron');
const { promises, withAppMetrics } = require('process-memory-info');

const mebibytes = (kib) => (kib === undefined ? 'unknown' : `${(kib / 1024).toFixed(1)} MiB`);

async function show() {
  // Off the main thread, on which Electron's windows wait.
  const tree = await promises.getTreeMemoryInfo();
  const { processes, total, unmatched } = withAppMetrics(tree, app.getAppMetrics());
  console.table(
    processes.map((process) => ({
      pid: process.pid,
      type: process.app?.type ?? 'child process',
      name: process.app?.name ?? process.name,
      private: mebibytes(process.privateBytes),
      'working set': mebibytes(process.workingSetSize),
    })),
  );
  console.log(`${total.processes} processes, private ${mebibytes(total.privateBytes)}`);
  for (const { pid, type } of unmatched) console.log(`${type} ${pid} is not below this process`);
}

app.whenReady().then(() => {
  new BrowserWindow().loadURL('data:text/html,<title>memory</title>');
  // Electron's metrics know nothing of it; the tree does.
  const child = spawn(process.platform === 'win32' ? 'cmd.exe' : 'cat');
  const timer = setInterval(() => show().catch(console.error), 2000);
  app.on('quit', () => {
    clearInterval(timer);
    child.kill();
  });
});
