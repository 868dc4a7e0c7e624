import { SYSTEM, type Json, type NewEntry } from '../domain/ledger-entry.js';
import { rivalOf } from '../registry/answering.js';
import type { ModelVersion, RegisteredModel } from '../registry/registry.js';
import type { VersionComparison } from '../domain/version-comparison.js';
import { settingsOf } from '../retraining/guards.js';
import { promotionProposed, promotionStep } from '../retraining/promotion.js';
import { unusedVersion } from '../retraining/unused-version.js';
import { RETRAINING_SUBJECT, type Retraining } from '../retraining/retraining.js';
import { announceVersion } from './announce-version.js';
import { readComparison } from './compare-versions.js';
import { promoteMade } from './promote-made.js';
import type { Stages } from './stages.js';
import { stageEntries } from './supersede-replaced.js';
import { endsCriticals } from './want-ending.js';

const JUDGED_EVERY_MS = 60_000;
const LOOKED_AFTER_EVERY_MS = 3_600_000;

/** Looks after the versions that training runs made: records where they come from, holds them against the champion, and promotes by policy. */
export class NewVersions {
  constructor(private readonly stages: Stages) {}

  /** Everything that is due; each run is compared at most once a minute. */
  async look(): Promise<void> {
    for (const run of this.stages.retrainings.list()) {
      if (run.newVersion === null || !isOver(run) || run.newVersion === run.message.version) continue;
      if (!this.stages.replicas.holds(run.model)) continue;
      const registered = this.stages.registry.find(run.model);
      if (!registered) continue;
      await this.putOnTrial(run, registered);
      await this.announce(run, registered);
      await this.missRows(run);
      await this.judge(run, this.stages.registry.load(run.model));
    }
  }

  /** A version that sent rows before its job had reported it is in shadow like any other that a job made; what is said of it later stands, and so does what is critical of it and takes others to close. */
  private async putOnTrial(
    { id, model, newVersion }: Retraining,
    { versions }: RegisteredModel,
  ): Promise<void> {
    const isUnplaced = ({ version, stage }: ModelVersion) => version === newVersion && stage === 'registered';
    const found = versions.find(isUnplaced);
    if (!found) return;
    const job = { type: 'key', id: `retraining:${id}` } as const;
    const reason = `made by training run ${id}`;
    const change = { model, version: found.version, stage: 'shadow', reason, actor: job } as const;
    await this.stages.ledger.transact((now) => {
      const known = this.stages.registry.load(model).versions;
      return known.some(isUnplaced) && !endsCriticals(this.stages, change)
        ? stageEntries(this.stages, change, now)
        : [];
    });
  }

  /** A version that a job made is on record with what it was trained on, whether or not it ever serves. */
  private async announce(run: Retraining, { versions }: RegisteredModel): Promise<void> {
    const version = run.newVersion ?? '';
    const known = versions.find((one) => one.version === version);
    if (known?.record) return;
    const recorded = this.stages.retrainings.manifestOf(run.id);
    const trainingData = recorded && {
      uri: `retraining ${run.id}, manifest ${recorded.digest}`,
      rows: recorded.manifest.rows.usable,
      ...(recorded.manifest.files.length === 1 && recorded.manifest.files[0]
        ? { sha256: recorded.manifest.files[0].sha256 }
        : {}),
    };
    const record = {
      ...(trainingData ? { trainingData } : {}),
      metrics: { ...run.metrics },
      source: `training run ${run.id}`,
    };
    const reason = `made by training run ${run.id}`;
    const stage = known ? null : ('shadow' as const);
    await announceVersion(this.stages, { model: run.model, version, stage, reason, actor: SYSTEM, record });
  }

  /** A version that sends nothing cannot show whether it is better: somebody forgot it, or it serves under another name. */
  private async missRows(run: Retraining): Promise<void> {
    const { ledger, registry, retrainings, guards, replicas, clock } = this.stages;
    const within = settingsOf(guards, run.model)?.servesWithin;
    if (within === undefined || run.unused !== null) return;
    const found = (now: Date) => {
      const known = registry.find(run.model)?.versions.find(({ version }) => version === run.newVersion);
      return retrainings.find(run.id)?.unused === null ? unusedVersion(run, known, within, now) : [];
    };
    if (found(clock.now()).length === 0) return;
    await ledger.transact((now) => {
      replicas.demand(run.model);
      return found(now);
    });
  }

  private async judge(run: Retraining, registered: RegisteredModel): Promise<void> {
    const now = this.stages.clock.now().getTime();
    const isOpen = run.state === 'succeeded';
    const every = isOpen ? JUDGED_EVERY_MS : LOOKED_AFTER_EVERY_MS;
    if (now - (this.stages.comparedAt.get(run.id) ?? -Infinity) < every) return;
    const own = registered.versions.find(({ version }) => version === run.newVersion);
    // Whether or not it helped, one that answers may still be worse than the one before.
    if (!isOpen && own?.stage !== 'champion') return;
    const other = own && rivalOf(registered.versions, own.version);
    if (!own?.firstSeenAt || !other) return;
    this.stages.comparedAt.set(run.id, now);
    const versions = { own: own.version, other: other.version };
    const found = await readComparison(this.stages, registered, { ...versions, since: null, until: null });
    // To keep what answers already is no news.
    const isKept = own.stage === 'champion' && found.advice === 'KEEP';
    if (isKept || found.advice === 'WAIT' || found.advice === run.evaluation?.advice) return;
    await this.stages.ledger.transact((at) => {
      this.stages.replicas.demand(run.model);
      const promotion = found.advice === 'PROMOTE' ? this.promotion(run, registered, found, at) : [];
      return [evaluated(run, { own, other }, found, at), ...promotion];
    });
  }

  /** What follows from a version that is better, by what the operator wants and what the model may do. */
  private promotion(
    run: Retraining,
    { model }: RegisteredModel,
    { reason }: VersionComparison,
    at: Date,
  ): readonly NewEntry[] {
    const wanted = settingsOf(this.stages.guards, model.key)?.promote ?? 'advise';
    const step = promotionStep(wanted, model.risk);
    if (step === 'advise') return [];
    if (step === 'propose') return [promotionProposed(run, at)];
    return promoteMade(this.stages, run, { reason: `training run ${run.id}: ${reason}`, actor: SYSTEM }, at);
  }
}

function isOver({ state }: Retraining): boolean {
  return state === 'succeeded' || state === 'validated' || state === 'rejected';
}

function evaluated(
  run: Retraining,
  { own, other }: { readonly own: ModelVersion; readonly other: ModelVersion },
  found: VersionComparison,
  at: Date,
): NewEntry {
  const data = {
    model: run.model,
    version: own.version,
    against: other.version,
    evaluation: JSON.parse(JSON.stringify(found)) as Json,
  };
  return {
    action: 'retraining.evaluated',
    actor: SYSTEM,
    at,
    subject: { type: RETRAINING_SUBJECT, id: run.id },
    data,
  };
}
