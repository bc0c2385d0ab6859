/**
 * JUnit XML as Jenkins, GitLab and others read it: one suite, of what the schemas of Jenkins' xunit plugin (junit-10.xsd) and of Ant
 * (JUnit.xsd) have in common. `testsuites` has no attributes, since Ant's knows none: its one suite has the counts.
 */
import { type XmlElement, xmlDocument } from './xml.js';

export interface TestSuite {
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly properties: Readonly<Record<string, string>>;
  readonly cases: readonly TestCase[];
  /** What came of it all, in a sentence. */
  readonly output: string;
}

export interface TestCase {
  readonly name: string;
  readonly durationMs: number;
  /** Null when it passed. */
  readonly trouble: Trouble | null;
}

interface Trouble {
  readonly kind: 'failure' | 'error' | 'skipped';
  /** What kind of failure: `threshold`, `worse`. */
  readonly type: string;
  readonly message: string;
  readonly detail: string;
}

export function passed(name: string, durationMs = 0): TestCase {
  return { name, durationMs, trouble: null };
}

export function junitXml(suite: TestSuite): string {
  const { name, cases } = suite;
  const of = (kind: Trouble['kind']) => cases.filter(({ trouble }) => trouble?.kind === kind).length;
  const attributes = {
    ...{ name, package: 'wsherd', id: 0 },
    ...{ tests: cases.length, failures: of('failure'), errors: of('error'), skipped: of('skipped') },
    time: seconds(suite.durationMs),
    // The record names no machine, and the schema of Ant asks for this word then.
    ...{ timestamp: suite.startedAt.slice(0, 19), hostname: 'localhost' },
  };
  const content = [
    element('properties', {}, Object.entries(suite.properties).map(property)),
    ...cases.map((one) => testCase(one, `wsherd.${name}`)),
    element('system-out', {}, suite.output),
    element('system-err', {}, ''),
  ];
  return xmlDocument(element('testsuites', {}, [element('testsuite', attributes, content)]));
}

function testCase({ name, durationMs, trouble }: TestCase, classname: string): XmlElement {
  const content = trouble === null ? [] : [troubleElement(trouble)];
  return element('testcase', { name, classname, time: seconds(durationMs) }, content);
}

function troubleElement({ kind, type, message, detail }: Trouble): XmlElement {
  // Ant's schema has no type for what was skipped.
  return element(kind, kind === 'skipped' ? { message } : { type, message }, detail);
}

function property([name, value]: readonly [string, string]): XmlElement {
  return element('property', { name, value }, '');
}

function element(
  name: string,
  attributes: XmlElement['attributes'],
  content: XmlElement['content'],
): XmlElement {
  return { name, attributes, content };
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
