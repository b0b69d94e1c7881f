'use strict';

// Keeps the largest total and footprint so far, with their time and processes.

const { sizeOf } = require('../results');

class Peaks {
  #total;
  #footprint;

  observe({ time, elapsed, total, trees }) {
    const peak = { time, elapsed, total, trees };
    if (this.#total === undefined || sizeOf(total) > sizeOf(this.#total.total)) this.#total = peak;
    const footprint = total.footprint?.footprint;
    if (footprint === undefined) return;
    if (this.#footprint === undefined || footprint > this.#footprint.total.footprint.footprint)
      this.#footprint = peak;
  }

  /** Each is left out if there was no reading. */
  summary() {
    return {
      ...(this.#total && { peak: { ...this.#total } }),
      ...(this.#footprint && { peakFootprint: { ...this.#footprint } }),
    };
  }
}

module.exports = { Peaks };
