import type { Actor } from '../domain/ledger-entry.js';
import type { Model } from '../domain/model.js';
import type { StageChange } from '../registry/registry.js';
import { adoptSegment } from './adopt-segment.js';
import { hearRegistry } from './hear-registry.js';
import type { RegistryNews } from '../registry/mlflow-event.js';
import type { RuleReader } from './approval-actions.js';
import type { Announcement } from './announce-version.js';
import { describeModel, wantBaseline, type Asker } from './ask-others.js';
import type { Pin } from './pin-due-baselines.js';
import type { Stages } from './stages.js';
import { wantStage, wantVersion } from './want-champion.js';

/** Why references could not be pinned, by model or by model and version (`loans@3`). */
export type PinProblems = Pick<Map<string, string>, 'delete'>;

type Source = Parameters<typeof hearRegistry>[1];

/** What people say of models and their versions. Each gives back the id of the approval where others have to agree first, else null. */
export class ModelActions {
  constructor(
    private readonly stages: Stages,
    private readonly rows: RuleReader,
    private readonly problems: PinProblems,
  ) {}

  /** Registers a model, or describes it anew; whoever writes rows reads its rules again. Throws as `describeModel` does. */
  async describe(model: Model, asker: Asker): Promise<string | null> {
    const approval = await describeModel(this.stages, model, asker);
    this.rows.rulesChanged();
    return approval;
  }

  /** Pins a reference; why the one before could not be pinned does not count any more. Throws as `wantBaseline` does. */
  async pin(model: Model, order: Pin): Promise<string | null> {
    const approval = await wantBaseline(this.stages, model, order);
    const version = order.version ?? null;
    this.problems.delete(version === null ? model.key : `${model.key}@${version}`);
    return approval;
  }

  /** As `wantVersion` does. */
  async announce(announcement: Announcement): Promise<string | null> {
    return wantVersion(this.stages, announcement);
  }

  /** A registry of versions that the retraining file names. */
  registry(name: string): Source['settings'] | undefined {
    return this.stages.guards.registries[name];
  }

  /** As `hearRegistry` does. */
  async hear(source: Source, news: RegistryNews): Promise<string | null> {
    return hearRegistry(this.stages, source, news);
  }

  /** As `adoptSegment` does. */
  async adoptSegment(model: string, key: string, actor: Actor): Promise<void> {
    await adoptSegment(this.stages, this.stages.registry.load(model), key, actor);
  }

  /** As `wantStage` does. */
  async changeStage(change: StageChange): Promise<string | null> {
    return wantStage(this.stages, change);
  }
}
