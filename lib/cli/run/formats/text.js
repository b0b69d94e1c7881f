'use strict';

// The summary as printed.

const { summaryText } = require('../summary');

const create = () => (record) => (record.type === 'summary' ? summaryText(record) : '');

module.exports = { create };
