'use strict';

// A time series in a bounded number of points, each the maximum of its interval.

const MOST_POINTS = 2048;

class Course {
  #points = [];
  #width; // milliseconds per point

  constructor(width) {
    this.#width = width;
  }

  add(elapsed, value) {
    while (Math.floor(elapsed / this.#width) >= MOST_POINTS) this.#halve();
    const at = Math.floor(elapsed / this.#width);
    this.#points[at] = Math.max(this.#points[at] ?? 0, value);
  }

  #halve() {
    const halved = [];
    this.#points.forEach((value, at) => {
      const half = Math.floor(at / 2);
      halved[half] = Math.max(halved[half] ?? 0, value);
    });
    this.#points = halved;
    this.#width *= 2;
  }

  /** At most `count` points {elapsed, value}, for intervals with samples. */
  points(most) {
    const stretch = Math.max(1, Math.ceil(this.#points.length / most));
    const points = [];
    this.#points.forEach((value, at) => {
      const index = Math.floor(at / stretch);
      const elapsed = index * stretch * this.#width;
      points[index] = { elapsed, value: Math.max(points[index]?.value ?? 0, value) };
    });
    return points.filter((point) => point !== undefined);
  }
}

module.exports = { Course };
