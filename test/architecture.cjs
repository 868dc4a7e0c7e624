/** The architecture, executable: `depcruise --config test/architecture.cjs src`. Imports point down or stay home. */
const FLOORS = [
  ['domain', 'stats'], // 0 nouns and mathematics: pure
  ['config', 'telemetry', 'store', 'tables'], // 1 ground services
  ['ledger', 'registry', 'replicas', 'records', 'constraints'], // 2 records every stage may read or append, and what a reference teaches
  [
    'ingest',
    'profiles',
    'windows',
    'checks',
    'policies',
    'incidents',
    'notify',
    'retraining',
    'review',
    'approvals',
  ], // 3 stages: strangers
  ['pipeline'], // 4 the spine: the only folder that knows the order of the stages
  ['api', 'web', 'cli'], // 5 edges
];
const folder = (names) => `^src/(${names.join('|')})/`;
const spec = '\\.spec\\.ts$';
const error = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const neighbours = (i) =>
  error(
    `floor-${i}-neighbours`,
    'Neighbours meet in src/pipeline, never directly.',
    { path: folder(FLOORS[i]), pathNot: spec },
    { path: folder(FLOORS[i]), pathNot: '^src/$1/' },
  );

module.exports = {
  forbidden: [
    ...FLOORS.slice(0, -1).map((floor, i) =>
      error(
        `floor-${i}-looks-up`,
        'A folder imports only from its own floor or below.',
        { path: folder(floor), pathNot: spec },
        { path: [folder(FLOORS.slice(i + 1).flat()), '^src/[^/]+\\.ts$'] },
      ),
    ),
    ...[2, 3, 5].map(neighbours),
    error(
      'stats-imports-nothing',
      'stats/ is a textbook: numbers in, numbers out. simple-statistics serves descriptive statistics.',
      { path: '^src/stats/', pathNot: spec },
      { pathNot: ['^src/stats/', 'node_modules/simple-statistics/'] },
    ),
    error(
      'domain-imports-itself',
      'domain/ is nouns and their schemas.',
      { path: '^src/domain/', pathNot: spec },
      { pathNot: ['^src/domain/', 'node_modules/zod/'] },
    ),
    error(
      'pure-code-does-io',
      'No I/O, clock or framework in pure code.',
      {
        path: [
          '^src/checks/',
          '^src/constraints/',
          '^src/windows/window\\.ts$',
          '^src/policies/evaluate\\.ts$',
          '^src/incidents/transition\\.ts$',
        ],
        pathNot: '\\.(module|service|repository|spec)\\.ts$',
      },
      {
        dependencyTypesNot: ['type-only'],
        pathNot: [
          '^src/(domain|stats|constraints|checks|policies|incidents|windows)/',
          '^src/store/sql-text\\.ts$',
          'node_modules/(zod|simple-statistics|@marcbachmann/cel-js)/',
        ],
      },
    ),
    error(
      'driver-outside-adapter',
      'Only an adapter may import a vendor driver.',
      { path: '^src/', pathNot: '^src/store/' },
      { path: 'node_modules/(@clickhouse|chdb)/' },
    ),
    error(
      'kafka-outside-ingest',
      'Only ingest speaks Kafka.',
      { path: '^src/', pathNot: '^src/ingest/' },
      { path: 'node_modules/(@confluentinc|kafkajs)/' },
    ),
    error(
      'adapter-named-outside-root',
      'Depend on Database; app.module.ts or store.module.ts picks the adapter.',
      { path: '^src/', pathNot: ['^src/app\\.module\\.ts$', '^src/store/', spec] },
      { path: '^src/store/(clickhouse|chdb)' },
    ),
    error(
      'graphql-outside-api',
      'The domain does not know GraphQL.',
      { path: '^src/', pathNot: ['^src/api/', '^src/app\\.module\\.ts$'] },
      { path: 'node_modules/(graphql|@nestjs/graphql|@apollo)/' },
    ),
    error(
      'source-imports-test',
      'Production code never imports a test.',
      { path: '^src/', pathNot: spec },
      { path: '^test/' },
    ),
    error('cycle', 'No import cycle, of types or of values.', {}, { circular: true }),
    error(
      'orphan',
      'A file nobody imports is dead.',
      { orphan: true, path: '^src/', pathNot: [spec, '\\.mjs$', '^src/web/assets/'] },
      {},
    ),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.d\\.ts$' },
  },
};
