import { ScenarioError } from '../../src/errors.js';
import { parseScenario } from '../../src/scenario/read.js';
import type { Scenario } from '../../src/scenario/scenario.js';

export interface Given {
  readonly set?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly folder?: string;
}

/** The least scenario there is, with more lines after it. */
export function scenarioText(...more: readonly string[]): string {
  return [
    'version: 1',
    'target: { url: ws://127.0.0.1:8080/ }',
    'populations: { clients: { connections: 10, echo: { every: 1s } } }',
    ...more,
  ].join('\n');
}

export function parse(text: string, { set = [], env = {}, folder = '.' }: Given = {}): Scenario {
  return parseScenario({ text, file: 'my.yaml', folder, set, env });
}

/** What is wrong with a scenario; an empty list when nothing is. */
export function problemsOf(text: string, given: Given = {}): readonly string[] {
  try {
    parse(text, given);
    return [];
  } catch (error) {
    if (error instanceof ScenarioError) return error.problems;
    throw error;
  }
}
