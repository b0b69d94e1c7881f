'use strict';

// The page that `memory-info report` draws of a recording, in the end.

const path = require('node:path');

const { toHtml } = require('../../../report/html');
const { Recording } = require('../../../report/recording');
const { toSeries } = require('../../../report/series');

function create(file) {
  const recording = new Recording(path.basename(file));
  return (record) => {
    recording.add(record);
    if (record.type !== 'summary') return '';
    if (recording.samples === 0) throw new Error('there is no sample to draw');
    return toHtml([toSeries(recording)]);
  };
}

module.exports = { create };
