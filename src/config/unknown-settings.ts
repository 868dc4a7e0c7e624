import { changedLetters } from '../domain/look-alike.js';
import { VARIABLES } from './environment.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that look like ours and are none of ours. */
export interface UnknownSettings {
  /** Most likely typing errors, each with what was probably meant. */
  readonly problems: readonly { readonly names: readonly string[]; readonly text: string }[];
  /** What an orchestrator put there, and what looks like a typing error in a name that others may own. */
  readonly warnings: readonly string[];
}

/** For our own tests and the demo, and where the command line finds the service: no settings of the service itself. */
const INTERNAL = /^TIDEWATCH_((DEMO|TEST)_|URL$)/;
/** Kubernetes (`enableServiceLinks`) and Docker (`--link`) describe a neighbour whose name begins with "tidewatch" so. */
const LINKED =
  /^TIDEWATCH_(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?|ENV_\w+)$/;
const LINKED_PORT = /^TIDEWATCH_(\w+_)?PORT$/;
const LINKED_NAME = /^TIDEWATCH_(\w+_)?NAME$/;
/** Prefixes that others use too: a near miss is worth a word, anything else is none of our business. */
const SHARED = /^(KAFKA|CLICKHOUSE|SLACK|SMTP|SCHEMA_REGISTRY|PUBLIC|LOG)_/;

/** Looks for settings that nobody reads. */
export function unknownSettings(environment: Environment): UnknownSettings {
  const known = new Set(Object.keys(VARIABLES).flatMap((name) => [name, `${name}_FILE`]));
  const names = Object.keys(environment).filter((name) => environment[name] && !known.has(name));
  const own = names.filter((name) => name.startsWith('TIDEWATCH_') && !INTERNAL.test(name));
  const linked = own.filter((name) => isLinked(name, environment[name] ?? ''));
  const missed = names.filter((name) => SHARED.test(name) && closest(name, known, 2) !== null);
  return {
    problems: own
      .filter((name) => !linked.includes(name))
      .map((name) => {
        const near = closest(name, known, 8);
        const text = `${name}: no such setting${meant(near)} (docs/configuration.md has them all)`;
        return { names: near === null ? [name] : [name, near], text };
      }),
    warnings: [
      ...(linked.length === 0
        ? []
        : [
            `${linked.join(', ')}: not settings of ours, but what Kubernetes or Docker says of a neighbour of that name; enableServiceLinks: false leaves them out`,
          ]),
      ...missed.map((name) => `${name}: nobody reads it${meant(closest(name, known, 2))}`),
    ],
  };
}

function isLinked(name: string, value: string): boolean {
  return (
    LINKED.test(name) ||
    (LINKED_PORT.test(name) && /^(tcp|udp|sctp):\/\//.test(value)) ||
    (LINKED_NAME.test(name) && value.startsWith('/'))
  );
}

function meant(name: string | null): string {
  return name === null ? '' : `; did you mean ${name}?`;
}

/** The known name with the fewest changes of letters, with or without our prefix, if they are few enough. */
function closest(name: string, known: ReadonlySet<string>, most: number): string | null {
  const bare = (text: string) => text.replace(/^TIDEWATCH_/, '').replaceAll('_', '');
  const ranked = [...known]
    .map((candidate) => ({ candidate, distance: changedLetters(bare(name), bare(candidate)) }))
    .toSorted((a, b) => a.distance - b.distance);
  const [best] = ranked;
  const limit = Math.min(most, Math.ceil(bare(name).length / 3));
  return best && best.distance <= limit ? best.candidate : null;
}
