import type { Model } from '../domain/model.js';
import { environmentNames } from '../domain/model.js';
import { literal } from './profile-sql.js';

/** Condition on rows of `predictions`: they are of an environment that counts as the model's. */
export function ownRows(model: Model): string {
  return `environment IN (${environmentNames(model).map(literal).join(', ')})`;
}
