import { z } from 'zod';
import { scenarioSchema } from './schema.js';

/** The scenario format as JSON Schema, for editors: what zod checks as far as a schema can say it. */
export function scenarioJsonSchema(): string {
  const schema = z.toJSONSchema(scenarioSchema, { io: 'input', target: 'draft-2020-12' });
  return `${JSON.stringify({ ...schema, title: 'wsherd scenario' }, null, 2)}\n`;
}
