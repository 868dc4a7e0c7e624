import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Specs that take longest, the longest first, as `npm test -- --slow` prints them: begun last they would run alone while other workers idle. */
export const LONGEST = [
  'test/acceptance/kafka-crash.spec.ts',
  'test/acceptance/fleet.spec.ts',
  'test/acceptance/start-stop.spec.ts',
  'test/acceptance/false-alarm-budget.spec.ts',
  'test/acceptance/restart.spec.ts',
  'test/ledger/recompute.spec.ts',
  'test/acceptance/clock.spec.ts',
  'test/acceptance/replay.spec.ts',
  'test/acceptance/replicas.spec.ts',
  'test/pipeline/any-order.spec.ts',
  'test/acceptance/fairness-late-labels.spec.ts',
  'test/retraining/own-reference.spec.ts',
  'test/acceptance/cli.spec.ts',
  'test/acceptance/version-superseded.spec.ts',
  'test/acceptance/version-rollover.spec.ts',
  'test/acceptance/labels-after-pin.spec.ts',
  'test/acceptance/many-features.spec.ts',
  'test/acceptance/disk-full.spec.ts',
  'test/acceptance/kafka.spec.ts',
  'test/acceptance/data-quality.spec.ts',
  'test/ingest/event-source.spec.ts',
];

/**
 * Files in vitest's own order, behind those that are known to be long, project by project: a process goes on only with files of its own project. The
 * project with the longest file comes first.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = LONGEST.findIndex((path) => moduleId.endsWith(path));
      return found < 0 ? LONGEST.length : found;
    };
    const sorted = (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
    const projects = [...new Set(sorted.map(({ project }) => project.name))];
    const rank = ({ project }: TestSpecification): number => projects.indexOf(project.name);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
