'use strict';

// The page of `memory-info report`, written at the end.

const path = require('node:path');

const { toHtml, withoutSample } = require('../../../report/html');
const { Recording } = require('../../../report/recording');
const { toSeries } = require('../../../report/series');
const { headline } = require('../summary');

function create(file) {
  const recording = new Recording(path.basename(file));
  return (record) => {
    recording.add(record);
    if (record.type !== 'summary') return '';
    if (recording.samples === 0) return withoutSample(recording.start, headline(record));
    return toHtml([toSeries(recording)]);
  };
}

module.exports = { create };
