import { InvalidArgumentError } from 'commander';
import { TABLE_ROLES } from '../domain/model.js';
import type { ColumnRules, Role } from '../tables/column-role.js';

/** `actual_label=target,prediction_score=y_pred_proba`: which column of a table holds what. */
export function columnsArgument(text: string, before: ColumnRules['columns'] = {}): ColumnRules['columns'] {
  const pairs = text.split(',').map((pair) => {
    const [role = '', ...name] = pair.split('=');
    const known = TABLE_ROLES.find((one) => one === role.trim());
    if (known && name.length > 0) return [known, name.join('=').trim()] as [Role, string];
    throw new InvalidArgumentError(`write what=column, where what is one of ${TABLE_ROLES.join(', ')}.`);
  });
  return { ...before, ...Object.fromEntries(pairs) };
}

/** An IANA time zone. */
export function zoneArgument(text: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError('write an IANA time zone, such as Europe/Berlin.');
  }
}
