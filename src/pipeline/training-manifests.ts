import { createHash } from 'node:crypto';
import { SYSTEM, type Json, type NewEntry } from '../domain/ledger-entry.js';
import type { Model } from '../domain/model.js';
import type { RetrainMessage } from '../domain/retrain-message.js';
import type { Incidents } from '../incidents/incidents.js';
import { canonicalJson } from '../ledger/canonical-json.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Profiles } from '../profiles/profiles.js';
import type { RowLayout } from '../constraints/row-layout.js';
import { besideThoseThatAnswer } from '../registry/beside.js';
import type { Erasures } from '../records/erasures.js';
import type { RegisteredModel, Registry } from '../registry/registry.js';
import { dataSettingsOf, type DataSettings, type RetrainingGuards } from '../retraining/guards.js';
import type { RecordedManifest, ToBeat, TrainingFile, TrainingManifest } from '../retraining/manifest.js';
import type { Retrainings } from '../retraining/retrainings.js';
import { RETRAINING_SUBJECT } from '../retraining/retraining.js';
import { planTraining, type TrainingPlan } from '../retraining/training-plan.js';
import { versionMetrics } from '../retraining/version-metrics.js';
import type { Database } from '../store/database.js';
import { countTrainingRows, paramsOf, type TrainingCounts } from './training-counts.js';
import type { TrainingFiles } from './training-files.js';
import { stagedPredictions, TrainingLabels } from './training-labels.js';
import {
  featureNames,
  rowLayoutOf,
  trainingColumns,
  trainingRows,
  type FeatureNames,
  type TrainingScope,
} from './training-rows.js';

export interface ManifestParts {
  readonly database: Database;
  readonly ledger: Pick<Ledger, 'transact'>;
  readonly registry: Registry;
  readonly incidents: Incidents;
  readonly profiles: Profiles;
  readonly retrainings: Retrainings;
  readonly guards: RetrainingGuards;
  readonly files: TrainingFiles;
  readonly erasures: Pick<Erasures, 'version'>;
}

interface Draft {
  readonly registered: RegisteredModel;
  readonly settings: DataSettings;
  readonly plan: TrainingPlan;
  readonly retraining: string | null;
  readonly madeAt: Date;
}

/** What a statement needs to give the rows of a file. */
interface Statement {
  readonly scope: TrainingScope;
  readonly columns: TrainingManifest['columns'];
  readonly names: FeatureNames;
  readonly sql: string;
}

/** Says what a training would learn from or, for a run, what it is to learn from: counted once, recorded, and the same for ever after. */
export class TrainingManifests {
  private readonly labels: TrainingLabels;

  constructor(private readonly parts: ManifestParts) {
    this.labels = new TrainingLabels(parts.database);
  }

  /** What a run that ended its period at `until` would learn from; nothing is written or recorded. Throws ModelNotFound. */
  async preview(model: string, until: Date, madeAt: Date): Promise<RecordedManifest> {
    const registered = this.parts.registry.load(model);
    const settings = dataSettingsOf(this.parts.guards, model);
    const known = this.parts.incidents.list({ model });
    const plan = planTraining({ until, lengthMs: settings.period }, known);
    const draft = { registered, settings, plan, retraining: null, madeAt };
    return sealed((await this.count(draft)).manifest);
  }

  /** The manifest of a run: the recorded one, or one made now, with its files, and recorded. */
  async ofRun(message: RetrainMessage, now: Date): Promise<RecordedManifest> {
    const recorded = this.parts.retrainings.manifestOf(message.id);
    if (recorded) return recorded;
    const { ledger, retrainings, erasures } = this.parts;
    const before = erasures.version;
    const made = sealed(await this.make(message, now));
    let isOutdated = false;
    await ledger.transact((at) => {
      // Files may hold rows of somebody who was erased while they were written.
      isOutdated = erasures.version !== before;
      return isOutdated || retrainings.manifestOf(message.id) ? [] : [manifestMade(message, made, at)];
    });
    return isOutdated ? this.ofRun(message, now) : (retrainings.manifestOf(message.id) ?? made);
  }

  private async make(message: RetrainMessage, madeAt: Date): Promise<TrainingManifest> {
    const registered = this.parts.registry.load(message.model);
    const settings = dataSettingsOf(this.parts.guards, message.model);
    const known = this.parts.incidents.list({ model: message.model });
    const until = new Date(message.requestedAt);
    const plan = planTraining({ until, lengthMs: settings.period }, known, message.exclude);
    const draft = { registered, settings, plan, retraining: message.id, madeAt };
    if (settings.files.length === 0) return (await this.count(draft)).manifest;
    try {
      return await this.writeOut(draft);
    } finally {
      await this.labels.forget(message.id);
    }
  }

  private async writeOut(draft: Draft): Promise<TrainingManifest> {
    const { registered, plan, retraining } = draft;
    const span = { from: new Date(plan.period.from), to: new Date(plan.period.to) };
    await this.labels.stage(retraining ?? '', scopeOf(draft), paramsOf(registered.model, span));
    const { manifest, statement, counts } = await this.count(draft, retraining);
    if (manifest.rows.usable === 0) return manifest;
    return { ...manifest, files: [...(await this.write(draft, statement, counts))] };
  }

  private async write(
    { registered: { model }, settings, plan, retraining }: Draft,
    { scope, columns, names }: Statement,
    { slices }: TrainingCounts,
  ): Promise<readonly TrainingFile[]> {
    const run = retraining ?? '';
    const writeAs = async (layout: RowLayout | null) => {
      const sql = trainingRows(scope, columns, names, { rows: stagedPredictions, layout });
      const wanted = slices.map((slice) => ({ ...slice, sql, params: { ...paramsOf(model, slice), run } }));
      return this.parts.files.write(run, settings.files, wanted);
    };
    const laidOut = async () => rowLayoutOf(this.parts.database, scope, plan.period);
    const layout = await laidOut();
    const written = await writeAs(layout);
    // What came meanwhile may name its features in another order.
    return layout === null || (await laidOut()) !== null ? written : writeAs(null);
  }

  /** `run`: one whose labels are staged. */
  private async count(
    draft: Draft,
    run: string | null = null,
  ): Promise<{
    readonly manifest: TrainingManifest;
    readonly statement: Statement;
    readonly counts: TrainingCounts;
  }> {
    const { registered, plan, madeAt } = draft;
    const statement = await this.statementOf(draft);
    const counts = await countTrainingRows(this.parts.database, {
      scope: statement.scope,
      plan,
      madeAt,
      run,
    });
    const toBeat = await this.toBeat(registered, plan);
    return { manifest: manifestOf(draft, statement, counts, toBeat), statement, counts };
  }

  private async statementOf(draft: Draft): Promise<Statement> {
    const { registered, settings, plan } = draft;
    const { model } = registered;
    const scope = scopeOf(draft);
    const span = { from: new Date(plan.period.from), to: new Date(plan.period.to) };
    const found = await this.parts.database.query<FeatureNames>(featureNames(scope), {
      params: paramsOf(model, span),
      timeoutMs: 300_000,
    });
    const names = found[0] ?? { numbers: [], words: [], nulls: [] };
    const attributes = settings.protected === 'include' ? model.protected : [];
    const columns = [...trainingColumns(model, names, attributes)];
    return { scope, columns, names, sql: trainingRows(scope, columns, names) };
  }

  /** What the versions that answered in the period achieved. */
  private async toBeat({ model, versions }: RegisteredModel, plan: TrainingPlan): Promise<readonly ToBeat[]> {
    const span = { from: new Date(plan.period.from), to: new Date(plan.period.to) };
    const without = plan.exclude.map(({ from, to }) => ({ from: new Date(from), to: new Date(to) }));
    const found: ToBeat[] = [];
    for (const { version, stage } of versions) {
      const { predictions: rows, performance } = await this.parts.profiles.performance(
        model.key,
        { version, ...span },
        without,
      );
      if (rows === 0) continue;
      const metrics = { ...versionMetrics(model.task, performance) };
      found.push({ version, stage, rows, labelled: performance.labelled, metrics });
    }
    return found;
  }
}

function scopeOf({ registered: { model, versions }, plan: { exclude } }: Draft): TrainingScope {
  return { model, onTrial: besideThoseThatAnswer(versions), exclude };
}

function manifestOf(
  { registered: { model, baseline }, settings, plan, retraining, madeAt }: Draft,
  { scope, columns, names, sql }: Statement,
  counts: TrainingCounts,
  toBeat: readonly ToBeat[],
): TrainingManifest {
  const { exclude, subjects, rows, classes, values, labels } = counts;
  const { period } = plan;
  const features = new Set([...names.numbers, ...names.words, ...Object.keys(model.features)]);
  return {
    format: 'tidewatch.training-manifest/v1',
    retraining,
    model: {
      key: model.key,
      task: model.task,
      positive: model.positive ?? null,
      environments: [...model.environments],
    },
    madeAt: madeAt.toISOString(),
    period,
    query: { sql, parameters: { model: model.key, from: period.from, to: period.to } },
    exclude,
    copies: scope.onTrial.map(({ version, from, to }) => ({
      version,
      from: from?.toISOString() ?? null,
      to: to?.toISOString() ?? null,
    })),
    columns,
    protected: {
      handling: settings.protected,
      attributes: [...model.protected],
      alsoFeatures: model.protected.filter((name) => features.has(name)),
    },
    subjects,
    rows,
    classes,
    values,
    labels,
    reference: baseline && { id: baseline.id, fingerprint: baseline.fingerprint, rows: baseline.rows },
    toBeat: [...toBeat],
    files: [],
    problems: [...problemsOf(model, counts)],
  };
}

/** Fewer labels than half of those that should be there: those that came early may not be like those that come late. */
const LEAST_DUE_LABELS = 0.5;

function problemsOf(model: Model, { rows, classes, labels }: TrainingCounts): readonly string[] {
  if (rows.total === 0) return ['the period has no rows'];
  if (rows.usable === 0) return ['no row of the period that may be learnt from has a label'];
  const [only] = classes;
  return [
    ...(classes.length === 1 ? [`every label of the period is "${only?.label ?? ''}"`] : []),
    ...(labels.mature > 0 && labels.matureLabelled < LEAST_DUE_LABELS * labels.mature
      ? [`only ${labels.matureLabelled} of ${labels.mature} rows have a label although it is due`]
      : []),
    ...(model.task === 'binary' &&
    classes.length > 0 &&
    !classes.some(({ label }) => label === model.positive)
      ? [`no label of the period is the positive "${model.positive ?? ''}"`]
      : []),
  ];
}

function sealed(manifest: TrainingManifest): RecordedManifest {
  return { manifest, digest: digestOf(manifest) };
}

/** SHA-256, hex, of the manifest's RFC 8785 text: what whoever downloads it can compute. */
function digestOf(manifest: TrainingManifest): string {
  return createHash('sha256').update(canonicalJson(manifest)).digest('hex');
}

function manifestMade(message: RetrainMessage, { manifest, digest }: RecordedManifest, at: Date): NewEntry {
  const data: { readonly [key: string]: Json } = {
    model: message.model,
    digest,
    manifest: JSON.parse(JSON.stringify(manifest)) as Json,
  };
  const subject = { type: RETRAINING_SUBJECT, id: message.id };
  return { action: 'retraining.manifest_made', actor: SYSTEM, at, subject, data };
}
