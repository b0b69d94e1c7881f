'use strict';

// Debian's Chromium, headless.

const fs = require('node:fs');

const puppeteer = require('puppeteer-core');

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const hasBrowser = fs.existsSync(CHROMIUM); // Debian: apt-get install chromium

const launch = () => puppeteer.launch({ executablePath: CHROMIUM, args: FLAGS });

module.exports = { hasBrowser, launch };
