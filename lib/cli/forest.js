'use strict';

// Processes as the trees that they form.

/** Its parent among the processes; a pid that is used again belongs to another process, which is younger. */
function parentOf(info, byPid) {
  const parent = byPid.get(info.ppid);
  return parent !== info && parent?.creationTime <= info.creationTime ? parent : undefined;
}

/** [process, depth] of each process, after its parent. Siblings are in the order that the processes have. */
function* forest(processes) {
  const byPid = new Map(processes.map((info) => [info.pid, info]));
  const children = new Map([[undefined, []]]);
  for (const info of processes) {
    const parent = parentOf(info, byPid);
    if (!children.has(parent)) children.set(parent, []);
    children.get(parent).push(info);
  }
  const waiting = children
    .get(undefined)
    .map((info) => [info, 0])
    .reverse();
  while (waiting.length > 0) {
    const [info, depth] = waiting.pop();
    yield [info, depth];
    for (const child of (children.get(info) ?? []).toReversed()) waiting.push([child, depth + 1]);
  }
}

module.exports = { forest };
