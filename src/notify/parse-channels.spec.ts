import { describe, expect, it } from 'vitest';
import { ChannelsError, parseChannels } from './parse-channels.js';
import { destinationRef } from './destination.js';

const SECRET = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
const lookup = (name: string): string | undefined => ({ HOOK_SECRET: SECRET })[name];

describe('parseChannels', () => {
  it('reads every kind of destination and puts the secrets in', () => {
    const text = `
channels:
  ops:
    - kind: console
    - { kind: webhook, url: 'https://hooks.example/in?key=1', secret: '\${HOOK_SECRET}' }
  risk:
    - { kind: slack, channel: C0123456789 }
    - { kind: email, to: risk@example.org }
`;
    expect(parseChannels(text, lookup)).toEqual({
      ops: [{ kind: 'console' }, { kind: 'webhook', url: 'https://hooks.example/in?key=1', secret: SECRET }],
      risk: [
        { kind: 'slack', channel: 'C0123456789' },
        { kind: 'email', to: 'risk@example.org' },
      ],
    });
  });

  it('says of what is missing which field it is, and what to write', () => {
    const problemsOf = (one: string) => {
      try {
        return parseChannels(`channels: { ops: [${one}] }`, lookup);
      } catch (error) {
        return error instanceof ChannelsError ? error.problems : error;
      }
    };
    expect(problemsOf('{ kind: webhook, url: "https://a.example" }')).toEqual([
      expect.stringMatching(/^channels\.ops\.0\.secret: is missing: write whsec_ .*openssl rand/u),
    ]);
    expect(problemsOf('{ kind: slack }')).toEqual([
      expect.stringMatching(/^channels\.ops\.0\.channel: is missing: write the id of a channel/u),
    ]);
    expect(problemsOf('{ kind: email }, { kind: teams }')).toEqual([
      'channels.ops.0.to: is missing: write the mail address, such as ops@example.org',
      'channels.ops.1.service: is missing: write what people call it, in lower-case letters, digits and dashes',
      'channels.ops.1.url: is missing: write an http or https address',
    ]);
  });

  it('names everything that is wrong beside a secret that is not set', () => {
    const text = `
channels:
  ops:
    - { kind: webhook, url: 'https://hooks.example', secret: '\${NOPE_SECRET}' }
    - { kind: slack, channel: '#alerts' }
`;
    const problems = problemsOf(text);
    expect(problems).toHaveLength(2);
    expect(problems.join('\n')).toMatch(/^NOPE_SECRET is not set.*\nchannels\.ops\.1\.channel: /);
  });

  it('names everything that is wrong, and no secret', () => {
    const text = `
channels:
  ops:
    - { kind: webhook, url: 'ftp://hooks.example', secret: abc-not-a-secret }
    - { kind: slack, channel: '#alerts' }
  risk: []
`;
    const problems = problemsOf(text);
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'channels.ops.0.url',
      'channels.ops.0.secret',
      'channels.ops.1.channel',
      'channels.risk',
    ]);
    expect(problems.join()).not.toContain('abc-not-a-secret');
  });

  it('says which variable is not set', () => {
    expect(
      problemsOf("channels: { ops: [{ kind: webhook, url: 'https://x.example', secret: '${NOPE}' }] }"),
    ).toEqual(['NOPE is not set, but the file refers to it']);
  });

  it('says where the YAML is broken', () => {
    expect(problemsOf('channels: [').join()).toMatch(/line 1/);
  });
});

describe('destinationRef', () => {
  it('keeps its id over a rotation of the secret and shows no credentials', () => {
    const webhook = {
      kind: 'webhook',
      url: 'https://user:pass@hooks.example/in?key=1',
      secret: 'a',
    } as const;
    const ref = destinationRef(webhook);
    expect(ref.address).toBe('https://hooks.example/in');
    expect(destinationRef({ ...webhook, secret: 'b' })).toEqual(ref);
    expect(destinationRef({ ...webhook, url: 'https://user:pass@hooks.example/in?key=2' }).id).not.toBe(
      ref.id,
    );
  });
});

function problemsOf(text: string): readonly string[] {
  try {
    parseChannels(text, lookup);
    return [];
  } catch (error) {
    if (error instanceof ChannelsError) return error.problems;
    throw error;
  }
}

describe('mail addresses', () => {
  const parse = (to: string) =>
    parseChannels(`channels: { ops: [{ kind: email, to: ${JSON.stringify(to)} }] }`, () => undefined);

  it.each([
    'ops@example.org',
    'jörg@example.org',
    'ops@bücher.example',
    'oncall@mailhost',
    'root@localhost',
    "o'neil@example.org",
    'a@x.org, b@x.org',
    'On Call <oncall@example.org>',
  ])('may be %s', (to) => {
    expect(parse(to)).toEqual({ ops: [{ kind: 'email', to }] });
  });

  it.each(['ops', 'ops@', 'a@x.org,', 'a b@x.org', '@x.org'])(
    'may not be %s, and what to write is said',
    (to) => {
      expect(() => parse(to)).toThrow(/is not a mail address: write ops@example\.org/);
    },
  );
});
