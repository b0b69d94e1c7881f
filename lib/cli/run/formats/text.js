'use strict';

// The summary, as it is printed.

const { summaryText } = require('../summary');

const create = () => (record) => (record.type === 'summary' ? summaryText(record) : '');

module.exports = { create };
