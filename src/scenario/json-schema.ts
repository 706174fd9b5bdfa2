import * as z from 'zod';
import { scenarioSchema } from './schema.ts';

/** The JSON Schema by which editors complete and check a scenario file. */
export function scenarioJsonSchema(): object {
  return z.toJSONSchema(scenarioSchema, { io: 'input', target: 'draft-7' });
}
