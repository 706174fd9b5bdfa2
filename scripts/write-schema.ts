import { writeFileSync } from 'node:fs';
import { JSON_SCHEMAS } from '../src/scenario/json-schema.ts';

for (const [name, schema] of Object.entries(JSON_SCHEMAS))
  writeFileSync(new URL(`../docs/${name}`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
