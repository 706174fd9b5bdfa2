import { writeFileSync } from 'node:fs';
import { scheduleSchema } from '../src/gameday/schema.ts';
import { JSON_SCHEMAS, jsonSchema } from '../src/scenario/json-schema.ts';

const all = { ...JSON_SCHEMAS, 'gameday.schema.json': jsonSchema(scheduleSchema) };

for (const [name, schema] of Object.entries(all))
  writeFileSync(new URL(`../docs/${name}`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
