'use strict';

// The page of `memory-info report`, written at the end.

const path = require('node:path');

const { toHtml } = require('../../../report/html');
const { Recording } = require('../../../report/recording');
const { toSeries } = require('../../../report/series');

function create(file) {
  const recording = new Recording(path.basename(file));
  return (record) => {
    recording.add(record);
    if (record.type !== 'summary') return '';
    if (recording.samples === 0) throw new Error('the recording contains no sample');
    return toHtml([toSeries(recording)]);
  };
}

module.exports = { create };
