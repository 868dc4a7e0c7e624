import type { Person } from '../domain/person.js';
import type { MonitoringRun } from '../registry/monitoring-runs.js';
import type { Names } from '../registry/names.js';
import type { Override } from '../registry/overrides.js';
import type { PersonHashes } from '../records/person-hash.js';
import type { Stages } from './stages.js';
import { comparedDecision } from './stored-decision.js';

/** A decision of a model that somebody overrode, as they say it. */
export interface SaidOverride {
  readonly model: string;
  readonly predictionId: string;
  readonly subject: string | null;
  readonly version: string | null;
  readonly reviewer: string | null;
  readonly decided: string;
  readonly outcome: string;
  readonly reason: string;
}

/** Which overrides are asked for; half-open in time. */
export interface OverrideFilter {
  readonly model?: string | null | undefined;
  readonly predictionId?: string | null | undefined;
  readonly subject?: string | null | undefined;
  readonly reviewer?: string | null | undefined;
  readonly since: Date | null;
  readonly until: Date | null;
}

type Ground = Pick<Stages, 'database' | 'ledger' | 'metrics' | 'monitoringRuns' | 'overrides' | 'registry'>;

/** What people do about models by themselves: monitoring plans they go through, and decisions they override. */
export class OversightActions {
  constructor(
    private readonly ground: Ground,
    private readonly hashes: PersonHashes,
    private readonly names: Pick<Names, 'actors'>,
  ) {}

  /** Somebody went through the monitoring plan. Throws ModelNotFound, and as the record does. */
  async recordRun(model: string, note: string, who: Person): Promise<void> {
    const { ledger, registry, monitoringRuns } = this.ground;
    registry.load(model);
    await ledger.transact((now) => monitoringRuns.record(model, note, who, now));
  }

  /** Newest first. */
  runsOf(model: string): readonly MonitoringRun[] {
    return this.ground.monitoringRuns.of(model).toReversed();
  }

  /** Records an override; the remark says why it could not be compared with what is stored. Throws ModelNotFound, and as the record does. */
  async recordOverride(
    { predictionId, subject, ...said }: SaidOverride,
    who: Person,
  ): Promise<{ readonly override: Override | null; readonly remark: string | null }> {
    const { database, ledger, metrics, overrides, registry } = this.ground;
    const { model, version, decided } = said;
    registry.load(model);
    const remark = await comparedDecision(database, { model, predictionId, version, decided });
    const predictionRef = this.hashes.ofPrediction(model, predictionId);
    const subjectRef = subject === null ? null : this.hashes.ofPerson(subject);
    const whole = { ...said, predictionRef, subjectRef, isCompared: remark === null };
    await ledger.transact((now) => overrides.record(whole, who, now, this.names.actors()));
    metrics
      .counter('human_overrides_total', 'Decisions of models that people overrode.', ['model'])
      .inc({ model });
    return {
      override: overrides.list().findLast((one) => one.predictionRef === predictionRef) ?? null,
      remark,
    };
  }

  /** Everybody who overrode something. */
  reviewers(): readonly string[] {
    return this.ground.overrides.list().map(({ reviewer }) => reviewer);
  }

  /** Oldest first. */
  overrides({ model, predictionId, subject, reviewer, since, until }: OverrideFilter): readonly Override[] {
    const person = subject ? this.hashes.ofPerson(subject) : null;
    return this.ground.overrides
      .list()
      .filter(
        (one) =>
          (!model || one.model === model) &&
          (!predictionId || one.predictionRef === this.hashes.ofPrediction(one.model, predictionId)) &&
          (person === null || one.subjectRef === person) &&
          (!reviewer || one.reviewer === reviewer) &&
          (since === null || one.at >= since) &&
          (until === null || one.at < until),
      );
  }
}
