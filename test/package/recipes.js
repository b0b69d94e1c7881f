// Runs the recipes of docs/packaging.md as printed, each in its own project with the packed package installed, and
// looks for memory figures in the output of the last command of each.
//
//   recipes.js TARBALL [SECTION...]
//
// The tools of test/package/package.json and test/package/recipes/package.json must be installed.

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { setTimeout: delay } = require('node:timers/promises');

const PAGE = path.join(__dirname, '../../docs/packaging.md');
const TOOLS = path.join(__dirname, 'node_modules');
const MODULES = path.join(__dirname, 'recipes/node_modules');
// Outside the repository, whose lock file Next.js would mistake for that of the project.
const WORK = fs.mkdtempSync(path.join(os.tmpdir(), 'process-memory-info-recipes-'));
const SECONDS = 480; // for one recipe

// The recipes that leave the package in node_modules, which is otherwise hidden from the last command.
const INSTALLED = [
  'The permission model',
  'Electron',
  'Jest and Vitest',
  'pnpm',
  "Yarn Plug'n'Play",
];

const FIGURES = /workingSetSize["']?: ?\d{4,}/;
// The recipes that print something else.
const PRINTS = {
  'npx asar': /^unpack : .*linux-x64-glibc\.node$/m,
  'npx electron-rebuild': /Rebuild Complete/,
  'npx jest': /Tests: +1 passed/,
  'npx vitest': /Tests +1 passed/,
};

const PROGRAMS = {
  bun: '@oven/bun-linux-x64/bin/bun',
  node: 'node24/bin/node',
  npm: 'npm12/bin/npm-cli.js',
  npx: 'npm12/bin/npx-cli.js',
  pnpm: 'pnpm/bin/pnpm.mjs',
  yarn: 'yarn/bin/yarn.js',
};

/** The sections of the page, each with its files and recipes. The files above the first section belong to each. */
function readPage() {
  const page = fs.readFileSync(PAGE, 'utf8');
  const filesOf = (text) =>
    Array.from(text.matchAll(/^`([^`\n]+)`:\n\n```\w+\n(.*?)^```$/gms), ([, name, code]) => [
      name,
      code,
    ]);
  const [intro, ...sections] = page.split(/^## /m);
  return sections.map((text) => ({
    section: text.slice(0, text.indexOf('\n')),
    files: [...filesOf(intro), ...filesOf(text)],
    recipes: Array.from(text.matchAll(/^```sh\n(.*?)^```$/gms), ([, commands]) => commands.trim()),
  }));
}

function makePrograms() {
  const folder = path.join(WORK, 'bin');
  fs.mkdirSync(folder);
  for (const [name, file] of Object.entries(PROGRAMS)) {
    const program = path.join(TOOLS, file);
    if (!/\.m?js$/.test(file)) fs.symlinkSync(program, path.join(folder, name));
    else
      fs.writeFileSync(path.join(folder, name), `#!/bin/sh\nexec node ${program} "$@"\n`, {
        mode: 0o755,
      });
  }
  return folder;
}

function environment() {
  // Without npm's environment variables.
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS$)/i.test(name));
  return {
    ...Object.fromEntries(own),
    PATH: `${makePrograms()}:${process.env.PATH}`,
    CI: '1',
    NEXT_TELEMETRY_DISABLED: '1',
    NO_COLOR: '1',
    YARN_ENABLE_IMMUTABLE_INSTALLS: '0',
    YARN_ENABLE_TELEMETRY: '0',
  };
}

/** Links the tools and the package. Their files are hard-linked, since no recipe changes them. */
const install = (tarball) => `cp -al '${MODULES}' node_modules
mkdir node_modules/process-memory-info
tar -xzf '${tarball}' --strip-components=1 -C node_modules/process-memory-info`;

function start(command, { cwd, env }) {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', command], {
    cwd,
    env,
    detached: true, // in its own process group, which can be killed as a whole
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { text: '' };
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      said.text += text;
    });
  const end = () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The whole group has exited.
    }
  };
  const timer = setTimeout(end, SECONDS * 1000);
  const status = new Promise((resolve) => child.on('close', resolve)).finally(() =>
    clearTimeout(timer),
  );
  return { said, status, end };
}

async function run(command, options) {
  const { said, status } = start(command, options);
  const code = await status;
  assert.equal(code, 0, `${command}\n${said.text}`);
  return said.text;
}

/** The answer of a server, which is then ended. */
async function ask(command, options, url) {
  const server = start(command, options);
  try {
    for (let tries = 0; tries < 100; tries++) {
      try {
        const answer = await fetch(url);
        return await answer.text();
      } catch {
        await delay(200);
      }
    }
    throw new Error(`nothing answers at ${url}`);
  } catch (error) {
    throw new Error(`${error.message}\n${server.said.text}`);
  } finally {
    server.end();
    await server.status;
  }
}

/** The project: its files and, unless the recipe installs the package itself, the tools and the package. */
async function prepare({ files, commands }, tarball, options) {
  for (const [file, code] of [
    ...files,
    ['package.json', '{ "name": "dependent" }\n'],
    ['yarn.lock', ''],
  ]) {
    const written = path.join(options.cwd, file);
    fs.mkdirSync(path.dirname(written), { recursive: true });
    fs.writeFileSync(written, code);
  }
  if (!/^(pnpm|yarn) /.test(commands)) await run(install(tarball), options);
}

/** The package is not published yet, and a test must not install another one. */
const withTarball = (commands, tarball) =>
  commands.replace(/ process-memory-info$/m, ` process-memory-info@file:${tarball}`);

async function runRecipe(recipe, tarball, env) {
  const { section, commands, name, port } = recipe;
  const cwd = path.join(WORK, name);
  const options = { cwd, env: { ...env, PORT: String(port), HOSTNAME: '127.0.0.1' } };
  await prepare(recipe, tarball, options);
  const lines = withTarball(commands, tarball).split('\n');
  const last = lines.pop();
  if (lines.length > 0) await run(lines.join('\n'), options);
  if (!INSTALLED.includes(section))
    fs.renameSync(path.join(cwd, 'node_modules'), path.join(cwd, 'hidden'));
  const output = last.endsWith('/server.js')
    ? await ask(last, options, `http://127.0.0.1:${port}/memory`)
    : await run(last, options);
  const other = Object.keys(PRINTS).find((program) => last.startsWith(program));
  assert.match(output, PRINTS[other] ?? FIGURES, `${last}\n${output}`);
  fs.rmSync(cwd, { recursive: true });
}

async function main(tarball, wanted) {
  const env = environment();
  const recipes = readPage()
    .filter(({ section }) => wanted.length === 0 || wanted.includes(section))
    .flatMap(({ recipes, ...page }) =>
      recipes.map((commands, index) => ({
        ...page,
        commands,
        title: `${page.section}, ${index + 1} of ${recipes.length}`,
      })),
    )
    .map((recipe, index) => ({ ...recipe, name: String(index), port: 34710 + index }));
  assert.ok(recipes.length > 0, 'no recipe');
  const waiting = recipes.values();
  const worker = async () => {
    for (const recipe of waiting) {
      const begin = Date.now();
      let result = 'ok';
      try {
        await runRecipe(recipe, tarball, env);
      } catch (error) {
        result = `FAILED\n${error.message}`;
        process.exitCode = 1;
      }
      console.log(`${recipe.title}: ${((Date.now() - begin) / 1000).toFixed(1)} s, ${result}`);
    }
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, worker));
}

const [tarball, ...wanted] = process.argv.slice(2);
main(path.resolve(tarball), wanted).finally(() => fs.rmSync(WORK, { recursive: true }));
