// The native tokenizers of npm on the same documents: node yardstick.mjs TOKENIZER_JSON DOCUMENTS_JSON MODULES ROUNDS
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
const [file, documents, modules, rounds] = process.argv.slice(2);
const { Tokenizer } = createRequire(modules + '/')('tokenizers');
let start = performance.now();
const tokenizer = Tokenizer.fromFile(file);
const load = performance.now() - start;
const texts = JSON.parse(readFileSync(documents, 'utf8'));
const single = [], batch = [];
let count = 0;
for (let round = 0; round < Number(rounds) + 1; round++) {
  start = performance.now();
  count = 0;
  for (const text of texts) count += (await tokenizer.encode(text, null, { addSpecialTokens: false })).getLength();
  if (round > 0) single.push(performance.now() - start);
  start = performance.now();
  await tokenizer.encodeBatch(texts, { addSpecialTokens: false });
  if (round > 0) batch.push(performance.now() - start);
}
const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
console.log(JSON.stringify({ load, count, single: median(single), batch: median(batch), memory: process.memoryUsage().rss / 1e6 }));
