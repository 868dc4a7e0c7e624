import { createPrivateKey, X509Certificate } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { APPROVAL_KINDS } from '../domain/approval-kind.js';
import { Duration } from '../domain/duration.js';
import { QUOTED } from '../domain/quoted.js';
import { RegionArray } from '../domain/residency.js';
import { ROLE_NAMES, roleOf } from '../domain/roles.js';

/** Texts separated by commas. */
export const List = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

/** Regions separated by commas, each by its name. */
export const RegionList = List.pipe(RegionArray);

export const Flag = z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1');

/** An address with one of the schemes. A password that was not percent-encoded is recognised, because it makes another address of it. */
export function Url(schemes: readonly string[]): z.ZodType<string> {
  return z.string().superRefine((text, context) => {
    const problem = urlProblem(text, schemes);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });
}

function urlProblem(text: string, schemes: readonly string[]): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  // What follows the host holds no @, unless the host was cut off within the password.
  if (text.includes('@') && (url === null || `${url.pathname}${url.search}${url.hash}`.includes('@')))
    return 'user and password must be percent-encoded: write @ as %40, # as %23, / as %2F, ? as %3F, : as %3A and % as %25';
  if (url === null) return 'not a URL';
  if (schemes.includes(url.protocol.slice(0, -1))) return null;
  return `must begin with ${schemes.map((scheme) => `${scheme}:`).join(' or ')}`;
}

const APPROVERS = new RegExp(`^(${APPROVAL_KINDS.join('|')})\\.(LOW|MEDIUM|HIGH)=([0-9])$`, 'iu');

/** `KIND.TIER=N,…` → people by `KIND.TIER`, in capital letters. */
export const ApprovalNumbers = List.transform((parts, context): ReadonlyMap<string, number> => {
  const found = parts.map((part) => ({ part, match: APPROVERS.exec(part) }));
  for (const { part, match } of found)
    if (!match)
      context.addIssue({
        code: 'custom',
        ...QUOTED,
        message: `"${part}" is not what=people: write policy.high=1; there are ${APPROVAL_KINDS.join(', ').toLowerCase()}, each with low, medium, high`,
      });
  return new Map(found.map(({ match }) => [`${match?.[1]}.${match?.[2]}`.toUpperCase(), Number(match?.[3])]));
});

const BROKER = /^(\[[0-9a-f:]+\]|[^\s:/@[\]]+):\d{1,5}$/iu;

/** `host:port,…`. */
export const Brokers = List.superRefine((brokers, context) => {
  for (const broker of brokers.filter((one) => !BROKER.test(one)))
    context.addIssue({ code: 'custom', ...QUOTED, message: brokerProblem(broker) });
});

function brokerProblem(broker: string): string {
  const scheme = /^([a-z_]+):\/\//iu.exec(broker);
  if (scheme) return `"${broker}": leave out ${scheme[0]} and write ${broker.slice(scheme[0].length)}`;
  return `"${broker}" is not host:port, such as kafka.example.org:9092`;
}

/** Networks as `10.0.0.0/8`. */
export const Networks = List.superRefine((networks, context) => {
  for (const network of networks.filter((one) => !ipaddr.isValidCIDR(one))) {
    const fix = ipaddr.isValid(network)
      ? `${network}/${network.includes(':') ? 128 : 32}`
      : '10.0.0.0/8 or fd00::/8';
    context.addIssue({ code: 'custom', ...QUOTED, message: `"${network}" is not a network: write ${fix}` });
  }
});

/** Proxies in front of the service: networks, addresses, or `loopback`, `linklocal`, `uniquelocal`. */
export const Proxies = List.superRefine((proxies, context) => {
  const named = ['loopback', 'linklocal', 'uniquelocal'];
  const known = (one: string) => named.includes(one) || ipaddr.isValid(one) || ipaddr.isValidCIDR(one);
  for (const proxy of proxies.filter((one) => !known(one)))
    context.addIssue({
      code: 'custom',
      ...QUOTED,
      message: `"${proxy}" is not a proxy: write an address, a network such as 10.0.0.0/8, or ${named.join(', ')}`,
    });
});

/** A time between two bounds in milliseconds. */
export function Span(least: number, most: number, words: string): z.ZodType<number> {
  return Duration.refine((ms) => ms >= least && ms <= most, words);
}

/** One of some words, in capitals or not. */
export function Word<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.string().toLowerCase().pipe(z.enum(words));
}

/** An Ed25519 private key, PEM; what is wrong with another text is said without it. */
export const PrivateKey = z.string().superRefine((pem, context) => {
  const problem = keyProblem(pem);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});

/** What is wrong with a private key of the ledger; null when nothing is. */
export function keyProblem(pem: string): string | null {
  try {
    const { asymmetricKeyType: type } = createPrivateKey(pem);
    return type === 'ed25519' ? null : `is a key of ${type ?? 'another kind'}; it has to be ed25519`;
  } catch {
    return 'is not a whole private key (PEM): make one with openssl genpkey -algorithm ed25519';
  }
}

/** Certificates, PEM. A library that is given another text goes on without it, and fails when somebody is to be told. */
export const Certificates = z
  .string()
  .refine(
    (pem) => isReadable(() => new X509Certificate(pem)),
    'is not a certificate (PEM): a text that begins with -----BEGIN CERTIFICATE-----, with its line breaks',
  );

/** A private key without a pass phrase, PEM. */
export const OpenKey = z
  .string()
  .refine(
    (pem) => isReadable(() => createPrivateKey(pem)),
    'is not a private key without pass phrase (PEM): a text that begins with -----BEGIN PRIVATE KEY-----, with its line breaks',
  );

/** The name of a topic, or a pattern between slashes. */
export const Topic = z
  .string()
  .min(1)
  .refine(
    (text) => !/^\/.*\/$/u.test(text) || isReadable(() => new RegExp(text.slice(1, -1), 'u')),
    'is no pattern: what stands between the slashes has to be a regular expression',
  );

function isReadable(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

const TRUSTED = /^(\d{1,15}):([0-9a-f]{64})$/u;

/** A log by its size and its root. */
export const TrustedLog = z
  .string()
  .regex(TRUSTED, 'not <entries>:<root>, as `tidewatch audit verify` prints them')
  .transform((text) => {
    const [, size, root] = TRUSTED.exec(text) ?? [];
    return { size: Number(size), root: root ?? '' };
  });

/** `group=role` pairs; a name may hold `=`, and commas where the pairs are divided by semicolons or lines. */
export const RoleRules = z.string().transform((text, context) => {
  const pairs = text.split(/[;\n]/u.test(text) ? /[;\n]/u : ',').map((pair) => pair.trim());
  return pairs.filter(Boolean).flatMap((pair) => {
    const at = pair.lastIndexOf('=');
    const [group, name] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    const role = roleOf(name);
    if (at > 0 && group !== '' && role !== null) return [{ group, role }];
    const why = at > 0 ? `"${name}" is none of ${ROLE_NAMES.join(', ')}` : `"${pair}" is not group=role`;
    context.addIssue({ code: 'custom', ...QUOTED, message: why });
    return [];
  });
});
