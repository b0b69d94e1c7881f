'use strict';

// Text styles, if standard output is a terminal and NO_COLOR is not set.

const { isatty } = require('node:tty');

const style = (on, off) => (text) =>
  isatty(1) && !process.env.NO_COLOR ? `\x1b[${on}m${text}\x1b[${off}m` : text;

module.exports = { bold: style(1, 22), inverse: style(7, 27) };
