'use strict';

// What this system does not report.

// Wine reports neither the private working set nor the pages of a process. It passes the environment of its host to
// Windows programs.
const isWine = process.platform === 'win32' && process.env.WINEPREFIX !== undefined;

/** Whether the system reports footprints. */
exports.tellsFootprints = !isWine;

/**
 * Whether it reports the limits of a child. On Windows, Node.js assigns its children to a job, which only they can query;
 * other systems have no limits of groups.
 */
exports.tellsLimitsOfChildren = process.platform === 'linux';
