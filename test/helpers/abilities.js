'use strict';

// What this system does not tell anybody.

// Wine, which is no Windows, counts no private working set and does not list the pages of a process. It hands the
// environment of its host on to Windows' programs.
const isWine = process.platform === 'win32' && process.env.WINEPREFIX !== undefined;

/** Whether it tells what a process costs. */
exports.tellsFootprints = !isWine;

/** Whether it tells the limits of a child. Node.js puts its children into a job, which Windows tells only themselves. */
exports.tellsLimitsOfChildren = process.platform !== 'win32';
