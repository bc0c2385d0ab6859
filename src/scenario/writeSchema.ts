/** Process entry: writes `schema/scenario.schema.json`. Run it after a change of the format. */
import { writeFileSync } from 'node:fs';
import { scenarioJsonSchema } from './jsonSchema.js';

writeFileSync(new URL('../../schema/scenario.schema.json', import.meta.url), scenarioJsonSchema());
