import type { Clock } from '../domain/clock.js';
import { TakenOver } from '../replicas/replicas.js';
import { DatabaseError } from '../store/database.js';
import { LawChanged } from './law-changed.js';
import type { Log } from '../telemetry/log.js';

/** Steps of the beat that are taken for one model after the other. */
export const FENCED_STEPS = ['summarise', 'reference', 'judge', 'supersede', 'retrain', 'concerns'] as const;
type FencedStep = (typeof FENCED_STEPS)[number];

/** Where a step is taken; `version` is null where it is the model's. */
export interface FencedPlace {
  readonly model: string;
  readonly version: string | null;
  readonly step: FencedStep;
}

/** What fails for one model while the others go on: it is tried again, and known by name until it works. */
export interface ModelFault extends FencedPlace {
  readonly reason: string;
  readonly since: Date;
}

interface Failing {
  readonly fault: ModelFault;
  readonly failures: number;
  /** Beats that pass before it is tried again. */
  rest: number;
}

/** A step that cannot work costs the others one beat in so many. */
const LONGEST_REST = 63;

/** A fence round each model: what fails in it is that model's finding, not the fleet's stop. */
export class ModelFaults {
  private readonly failing = new Map<string, Failing>();

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Faults of one model, the oldest first. */
  of(model: string): readonly ModelFault[] {
    return [...this.failing.values()].flatMap(({ fault }) => (fault.model === model ? [fault] : []));
  }

  /**
   * What `work` gives, or `otherwise` when it fails or rests after a failure: 1, 3, 7 … beats. Throws only when the database is closed, which
   * is a stop and no fault of a model.
   */
  async fence<T>(place: FencedPlace, otherwise: T, work: () => Promise<T>): Promise<T> {
    if (this.rests(place)) return otherwise;
    try {
      return this.worked(place, await work());
    } catch (error) {
      return this.failed(place, otherwise, error);
    }
  }

  /** The same for a decision that waits for nothing. */
  fenceNow<T>(place: FencedPlace, otherwise: T, work: () => T): T {
    if (this.rests(place)) return otherwise;
    try {
      return this.worked(place, work());
    } catch (error) {
      return this.failed(place, otherwise, error);
    }
  }

  private rests(place: FencedPlace): boolean {
    // Thousands of models pass here every second, and nearly always none fails.
    if (this.failing.size === 0) return false;
    const known = this.failing.get(keyOf(place));
    if (!known || known.rest === 0) return false;
    known.rest -= 1;
    return true;
  }

  private worked<T>(place: FencedPlace, result: T): T {
    if (this.failing.size > 0 && this.failing.delete(keyOf(place)))
      this.log.info('works again', { ...place });
    return result;
  }

  private failed<T>(place: FencedPlace, otherwise: T, error: unknown): T {
    if (error instanceof DatabaseError && error.code === 'CLOSED') throw error;
    // It is another process's now, or is judged again under other policies, which is no fault.
    if (error instanceof TakenOver || error instanceof LawChanged) return otherwise;
    const known = this.failing.get(keyOf(place));
    const failures = (known?.failures ?? 0) + 1;
    const since = known?.fault.since ?? this.clock.now();
    const rest = Math.min(2 ** failures - 1, LONGEST_REST);
    this.failing.set(keyOf(place), { fault: { ...place, reason: reasonOf(error), since }, failures, rest });
    if (!known)
      this.log.error('a model is left out until this works; it is tried again', error, { ...place });
    return otherwise;
  }
}

function keyOf({ model, version, step }: FencedPlace): string {
  return [model, version ?? '', step].join('\0');
}

/** For a person: what the engine and the runtime say is in the log. */
function reasonOf(error: unknown): string {
  if (error instanceof DatabaseError)
    return error.retryable
      ? `the database could not do it now (${error.code})`
      : `the database refused it (${error.code}); the log says more`;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return error instanceof Error && typeof code === 'string'
    ? error.message
    : 'an unexpected error; the log says more';
}
