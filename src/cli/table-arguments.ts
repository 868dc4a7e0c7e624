import { InvalidArgumentError } from 'commander';
import { TABLE_ROLES } from '../domain/model.js';
import type { ColumnRules } from '../tables/column-role.js';

/** `actual_label=target,age=Alter`: which column of a table holds what: a part of the event, or a feature. */
export function columnsArgument(text: string, before: ColumnRules['columns'] = {}): ColumnRules['columns'] {
  const pairs = text.split(',').map((pair): [string, string] => {
    const [what = '', ...name] = pair.split('=');
    if (what.trim() !== '' && name.length > 0) return [what.trim(), name.join('=').trim()];
    throw new InvalidArgumentError(
      `write what=column, where what is the name of a feature or one of ${TABLE_ROLES.join(', ')}.`,
    );
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
