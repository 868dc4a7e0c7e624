import { describe, expect, it } from 'vitest';
import { spreadPartitions } from './spread-partitions.js';

const counts = (shares: ReadonlyMap<string, readonly unknown[]>) =>
  [...shares].map(([name, share]) => [name, share.length]);

describe('partitions of a group', () => {
  it('are given in turns, over the topics, to whoever asked for them', () => {
    const both = ['labels', 'predictions'];
    const shares = spreadPartitions(
      new Map([
        ['b', both],
        ['a', both],
      ]),
      new Map([
        ['predictions', 3],
        ['labels', 2],
      ]),
    );
    expect(counts(shares)).toEqual([
      ['a', 3],
      ['b', 2],
    ]);
    expect(shares.get('b')).toEqual([
      { topic: 'labels', partition: 1 },
      { topic: 'predictions', partition: 1 },
    ]);
  });

  it('go only to members that read the topic', () => {
    const shares = spreadPartitions(
      new Map([
        ['a', ['old']],
        ['b', ['old', 'new']],
      ]),
      new Map([['new', 4]]),
    );
    expect(counts(shares)).toEqual([
      ['a', 0],
      ['b', 4],
    ]);
    expect(counts(spreadPartitions(new Map([['a', ['x']]]), new Map([['nobody', 4]])))).toEqual([['a', 0]]);
  });
});
