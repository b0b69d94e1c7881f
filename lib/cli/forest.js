'use strict';

// Arranges processes as trees.

/** The parent among the processes; a candidate younger than its child has a reused pid. */
function parentOf(info, byPid) {
  const parent = byPid.get(info.ppid);
  return parent !== info && parent?.creationTime <= info.creationTime ? parent : undefined;
}

/** [process, depth] of each process, parents first. Siblings keep the order of `processes`. */
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
