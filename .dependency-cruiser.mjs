/** Who may import whom. The rooms are the folders of src/; docs/architecture.md says what each is for. */

const room = (name) => `^src/${name}/`;
const rooms = (...names) => `^src/(${names.join('|')})/`;

/** What each room may import beside itself, clock.ts and errors.ts; types count too. */
const allowed = {
  client: [],
  metrics: ['client'],
  stats: [],
  servers: [],
  probe: [],
  delivery: ['dialects', 'metrics'],
  dialects: [],
  patterns: ['client', 'delivery', 'dialects', 'metrics'],
  policies: [],
  scenario: ['client', 'delivery', 'dialects', 'metrics', 'patterns', 'policies', 'servers'],
  plan: ['client', 'delivery', 'dialects', 'metrics', 'patterns', 'result', 'scenario'],
  load: ['client', 'delivery', 'dialects', 'metrics', 'patterns', 'plan', 'policies', 'scenario'],
  result: ['client', 'metrics', 'scenario'],
  target: ['probe', 'result', 'scenario', 'servers', 'stats'],
  proxy: ['result', 'scenario'],
  faults: ['proxy', 'scenario', 'target'],
  storm: ['patterns', 'plan', 'policies', 'result', 'scenario'],
  run: [
    'client',
    'delivery',
    'dialects',
    'faults',
    'load',
    'metrics',
    'plan',
    'proxy',
    'result',
    'scenario',
    'storm',
    'target',
  ],
  capacity: ['metrics', 'patterns', 'result', 'run', 'scenario', 'stats', 'storm', 'target'],
  compare: ['metrics', 'result', 'run', 'scenario', 'stats'],
  report: ['client', 'metrics', 'result', 'stats'],
};

/** Each package has one importing room, or file. */
const owners = {
  piscina: '^src/run/threadHost\\.ts$',
  'hdr-histogram-js': '^src/metrics/histogram\\.ts$',
  autocannon: '^src/target/httpLoop\\.ts$',
  yargs: '^src/cli/',
  zod: '^src/scenario/',
  yaml: '^src/scenario/',
  ws: '^src/(client|servers)/',
  uplot: '^src/report/html/page/',
};

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-circles-between-rooms',
      severity: 'error',
      scope: 'folder',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.ts$', '^src/report/html/page/'] },
      to: {},
    },
    ...Object.entries(allowed).map(([name, others]) => ({
      name: `${name}-imports`,
      severity: 'error',
      from: { path: room(name) },
      to: {
        path: '^src/',
        pathNot: [rooms(name, ...others), '^src/(clock|errors|redact|sequence|share|version)\\.ts$'],
      },
    })),
    {
      name: 'a-pattern-imports-no-pattern',
      comment: 'What patterns share lies in files that are no pattern themselves.',
      severity: 'error',
      from: { path: '^src/patterns/(heartbeat|echo|join|publish|read)\\.ts$' },
      to: { path: '^src/patterns/(heartbeat|echo|join|publish|read|list)\\.ts$' },
    },
    {
      name: 'patterns-and-dialects-touch-no-system',
      severity: 'error',
      from: { path: rooms('patterns', 'dialects') },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'records-and-reports-open-no-sockets',
      severity: 'error',
      from: { path: rooms('report', 'result', 'stats') },
      to: { path: '^(node:)?(net|tls|http|https|worker_threads|child_process|cluster|dgram)$' },
    },
    {
      name: 'nobody-imports-the-command-line',
      severity: 'error',
      from: { pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    ...Object.entries(owners).map(([name, path]) => ({
      name: `one-importer-of-${name}`,
      severity: 'error',
      from: { pathNot: path },
      to: { path: `node_modules/${name}/` },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
