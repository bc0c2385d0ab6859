import type { RunResult } from '../result/types.js';
import { renderHtml } from './html.js';
import { renderSummary } from './json.js';
import { renderText } from './text.js';

interface Reporter {
  /** In the run's folder. */
  readonly file: string;
  readonly render: (result: RunResult) => string;
}

/** Every format that `--reporter` knows. */
export const reporters = {
  html: { file: 'report.html', render: renderHtml },
  json: { file: 'summary.json', render: (result) => `${JSON.stringify(renderSummary(result), null, 2)}\n` },
  text: {
    file: 'summary.txt',
    render: (result) => `${renderText(result, { color: false, columns: 100 })}\n`,
  },
} as const satisfies Record<string, Reporter>;

export type ReporterName = keyof typeof reporters;
