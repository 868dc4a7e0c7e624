import { invariant } from '../../src/domain/invariant.js';

/** What a dashboard's variables are set to; `all` as Grafana's own choice of everything. */
export type VariableValues = Readonly<Record<string, readonly string[] | 'all'>>;

export interface GrafanaTime {
  readonly from: Date;
  readonly to: Date;
  /** Length of a step, seconds. */
  readonly step: number;
}

const quoted = (value: string) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** The parts of a macro's argument list: commas inside brackets or quotes do not part them. */
function argumentsAt(sql: string, open: number): { readonly parts: readonly string[]; readonly end: number } {
  const parts: string[] = [];
  let [depth, start, quote] = [0, open + 1, false];
  for (let i = open; i < sql.length; i++) {
    const character = sql[i];
    if (character === "'" && sql[i - 1] !== '\\') quote = !quote;
    if (quote) continue;
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth === 0 || (depth === 1 && character === ',')) {
      parts.push(sql.slice(start, i).trim());
      start = i + 1;
    }
    if (depth === 0) return { parts, end: i + 1 };
  }
  throw new Error(`a bracket is not closed in: ${sql}`);
}

type Macro = (parts: readonly string[]) => string;

/** The macros of grafana-clickhouse-datasource 4 that our dashboards may use, as its documentation states their meaning. */
function macros({ from, to, step }: GrafanaTime, values: VariableValues): Readonly<Record<string, Macro>> {
  const [first, last] = [Math.floor(from.getTime() / 1000), Math.floor(to.getTime() / 1000)];
  const ms = (at: Date) => `fromUnixTimestamp64Milli(${at.getTime()})`;
  return {
    timeFilter: ([column]) => `${column} >= toDateTime(${first}) AND ${column} <= toDateTime(${last})`,
    timeFilter_ms: ([column]) => `${column} >= ${ms(from)} AND ${column} <= ${ms(to)}`,
    timeInterval: ([column]) => `toStartOfInterval(toDateTime(${column}), INTERVAL ${step} second)`,
    fromTime: () => `toDateTime(${first})`,
    toTime: () => `toDateTime(${last})`,
    conditionalAll: ([condition, variable]) => {
      const name = /^\$(\w+)$/.exec(variable ?? '')?.[1];
      invariant(
        name !== undefined && values[name] !== undefined,
        `$__conditionalAll needs a known plain $variable, not ${variable}`,
      );
      return values[name] === 'all' ? '1=1' : (condition ?? '');
    },
  };
}

/**
 * A query of a dashboard as the plugin would send it. Throws for a macro or a variable that is not known: in Grafana it would stay as text
 * and fail only there.
 */
export function expandGrafanaSql(sql: string, values: VariableValues, time: GrafanaTime): string {
  const known = macros(time, values);
  let text = sql;
  for (let at = text.indexOf('$__'); at !== -1; at = text.indexOf('$__')) {
    const name = /^\w+/.exec(text.slice(at + 3))?.[0] ?? '';
    const macro = known[name];
    if (!macro) throw new Error(`unknown macro $__${name}`);
    const open = at + 3 + name.length;
    const { parts, end } = text[open] === '(' ? argumentsAt(text, open) : { parts: [], end: open };
    text = `${text.slice(0, at)}${macro(parts)}${text.slice(end)}`;
  }
  return text.replace(
    /\$\{(\w+)(?::(\w+))?\}|\$(\w+)/g,
    (token: string, braced?: string, format?: string, plain?: string) => {
      const value = values[braced ?? plain ?? ''];
      if (value === undefined || (format !== undefined && format !== 'singlequote'))
        throw new Error(`unknown variable or format ${token}`);
      const list = value === 'all' ? ['all of them'] : value;
      return format === 'singlequote' ? list.map(quoted).join(',') : list.join(',');
    },
  );
}
