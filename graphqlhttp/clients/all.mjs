import { readdirSync } from 'node:fs';

// In one process: loading the clients takes longer than their tests.
for (const file of readdirSync(import.meta.dirname)) {
  if (file.endsWith('.test.mjs')) await import(`./${file}`);
}
