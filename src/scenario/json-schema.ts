import * as z from 'zod';
import { configSchema } from './config.ts';
import { scenarioSchema } from './schema.ts';

/** The JSON Schemas by which editors complete and check our files, by the file in docs/ that each is published in. */
export const JSON_SCHEMAS = {
  'scenario.schema.json': jsonSchema(scenarioSchema),
  'config.schema.json': jsonSchema(configSchema),
};

/** The JSON Schema of a file as it is written. */
export function jsonSchema(schema: z.ZodType): object {
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
}
