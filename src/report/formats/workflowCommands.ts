/**
 * Annotations of GitHub Actions, which reads commands such as `::error title=...::message` from what a step prints
 * (docs.github.com/actions, "Workflow commands").
 */
import { escapeTerminal, withoutCommands } from '../visible.js';

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
}

const LEVELS = ['error', 'warning', 'notice'] as const;

/** GitHub shows no more of one level from one step. */
const MOST_OF_A_LEVEL = 10;

/** A line each, the errors first; what goes beyond those that are shown is counted. */
export function workflowCommands(annotations: readonly Annotation[]): string[] {
  return LEVELS.flatMap((level) => mostOf(annotations.filter((one) => one.level === level))).map(command);
}

function mostOf(annotations: readonly Annotation[]): readonly Annotation[] {
  const first = annotations[0];
  if (first === undefined || annotations.length <= MOST_OF_A_LEVEL) return annotations;
  const left = annotations.length - MOST_OF_A_LEVEL + 1;
  const rest = { level: first.level, title: 'wsherd', message: `And ${left} more: see the report.` };
  return [...annotations.slice(0, MOST_OF_A_LEVEL - 1), rest];
}

function command({ level, title, message }: Annotation): string {
  return `::${level} title=${property(title)}::${data(message)}`;
}

/** As @actions/core does it; line breaks are there no more, since they are shown. */
function data(text: string): string {
  return withoutCommands(escapeTerminal(text))
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
