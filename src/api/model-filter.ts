import { hasOwner, isReviewOverdue, riskTier, type RiskTier } from '../domain/model.js';
import type { RegisteredModel } from '../registry/registry.js';
import { demandKnown } from './known.js';

/** Which models somebody asks for; what is left out is any. */
export interface ModelFilter {
  readonly keyIn?: readonly string[];
  readonly riskTier?: RiskTier;
  readonly task?: string;
  readonly owner?: string;
  readonly hasOwner?: boolean;
  readonly isReviewOverdue?: boolean;
  readonly isUndoneByFile?: boolean;
}

/** Refuses a key or an owner that no model has. Throws BadInput. */
export function demandMet({ keyIn, owner }: ModelFilter, models: readonly RegisteredModel[]): void {
  const keys = models.map(({ model }) => model.key);
  const owners = models.map(({ model }) => model.owner);
  demandKnown('keyIn', keyIn, keys);
  demandKnown('owner', owner, owners);
}

/** What is true of a model beside its description. */
interface Standing {
  readonly now: Date;
  readonly isUndone: boolean;
}

/** Whether a model is one of those that are asked for. */
export function isMeant(
  { model }: RegisteredModel,
  filter: ModelFilter,
  { now, isUndone }: Standing,
): boolean {
  return (
    (filter.keyIn?.includes(model.key) ?? true) &&
    (filter.riskTier ?? riskTier(model.risk)) === riskTier(model.risk) &&
    (filter.task?.toLowerCase() ?? model.task) === model.task &&
    (filter.owner ?? model.owner) === model.owner &&
    (filter.hasOwner ?? hasOwner(model)) === hasOwner(model) &&
    (filter.isReviewOverdue ?? isReviewOverdue(model, now)) === isReviewOverdue(model, now) &&
    (filter.isUndoneByFile ?? isUndone) === isUndone
  );
}
