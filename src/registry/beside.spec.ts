import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../domain/ledger-entry.js';
import type { ModelStage } from '../domain/model.js';
import { besideThoseThatAnswer, type Copies } from './beside.js';
import { versionsAfter } from './versions-after.js';
import type { ModelVersion } from './version-entries.js';

const OPS = { type: 'key', id: 'ops' } as const;
const at = (minute: number) => new Date(minute * 60_000);

/** What happened, minute by minute: a first row (`seen`), an announcement, or a move; by a person, or by the service itself. */
type Happening = readonly [
  what: 'seen' | 'announced' | 'moved' | 'took over',
  version: string,
  stage: ModelStage,
];

function beside(...happenings: readonly Happening[]): readonly (readonly unknown[])[] {
  const versions = happenings.reduce<readonly ModelVersion[]>((before, [what, version, stage], minute) => {
    const known = before.find((one) => one.version === version);
    const action = {
      seen: 'model_version.seen',
      announced: 'model_version.registered',
      moved: 'model_version.stage_changed',
      'took over': 'model_version.stage_changed',
    }[what];
    const actor = what === 'announced' || what === 'moved' ? OPS : SYSTEM;
    const data = { version, stage, after: stage, declared: known?.declared ?? false };
    const subject = { type: 'model_version', id: `m@${version}` };
    return versionsAfter(before, { action, actor, at: at(minute), subject, data, seq: minute, hash: '' });
  }, []);
  const minute = (time: Date | null) => (time ? time.getTime() / 60_000 : undefined);
  return besideThoseThatAnswer(versions).map(({ version, from, to }: Copies) => [
    version,
    minute(from),
    minute(to),
  ]);
}

const all = (version: string) => [version, undefined, undefined];

describe('copies are the rows', () => {
  it.each<[string, readonly Happening[], readonly (readonly unknown[])[]]>([
    [
      'of shadows and of what was seen beside the champion',
      [['seen', '1', 'champion'], ['announced', '2', 'shadow'], ['seen', '2', 'shadow'], ['seen', '3', 'registered']],
      [all('2'), all('3')],
    ],
    [
      'of a challenger that a person announced, and of one retired after its trial',
      [['seen', '1', 'champion'], ['announced', '2', 'challenger'], ['seen', '3', 'registered'], ['moved', '3', 'retired']],
      [all('2'), all('3')],
    ],
    [
      'of a promoted version while it was in shadow, and of the one before it since; not what each answered',
      [
        ['seen', '7', 'champion'],
        ['announced', '8', 'shadow'],
        ['seen', '8', 'shadow'],
        ['moved', '7', 'challenger'],
        ['moved', '8', 'champion'],
      ],
      [
        ['7', 3, undefined],
        ['8', undefined, 4],
      ],
    ],
    [
      'of nobody whose place another takes by answering its requests',
      [['seen', '1', 'champion'], ['seen', '2', 'registered'], ['took over', '1', 'challenger'], ['took over', '2', 'champion']],
      [],
    ],
    [
      'of a version put aside only once the new champion has rows',
      [['seen', '1', 'champion'], ['moved', '1', 'challenger'], ['announced', '2', 'champion'], ['seen', '2', 'champion']],
      [['1', 3, undefined]],
    ],
    ['of nobody while the announced champion sends nothing', [['seen', '1', 'champion'], ['moved', '1', 'challenger'], ['announced', '2', 'champion']], []],
    ['of a shadow after the champion was retired', [['seen', '1', 'champion'], ['announced', '2', 'shadow'], ['moved', '1', 'retired']], [all('2')]],
    ['of nobody where nothing has answered', [['announced', '1', 'shadow'], ['announced', '2', 'canary'], ['seen', '1', 'shadow']], []],
    ['of nobody where the only version was on trial before it answered', [['announced', '1', 'shadow'], ['seen', '1', 'shadow'], ['moved', '1', 'champion']], []],
    [
      'of nobody where a version that was made champion sent its rows before a canary that was announced sent any',
      [['announced', '2', 'canary'], ['seen', '1', 'registered'], ['moved', '1', 'champion'], ['seen', '2', 'canary']],
      [],
    ],
    [
      'of nobody where a champion that was announced had sent no row when another took its place',
      [
        ['announced', '2', 'champion'],
        ['seen', '1', 'registered'],
        ['moved', '2', 'challenger'],
        ['moved', '1', 'champion'],
        ['seen', '2', 'challenger'],
      ],
      [['2', 2, undefined]],
    ],
    ['of no canary, which answers its share', [['seen', '1', 'champion'], ['announced', '2', 'canary'], ['seen', '2', 'canary']], []],
  ])('%s', (_what, happenings, wanted) => {
    expect(beside(...happenings)).toEqual(wanted);
  });
}); // prettier-ignore
