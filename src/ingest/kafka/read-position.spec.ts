import { describe, expect, it } from 'vitest';
import { ReadPosition } from './read-position.js';

const opened = (...keys: string[]) => new ReadPosition(keys, 0);

describe('how far a log is read', () => {
  it('is now where all is stored that was seen', () => {
    const position = opened('a');
    position.saw('a', 100n, 40_000);
    position.stored('a', 100n);
    expect(position.until(90_000)).toBe(90_000);
  });

  it('while it catches up, is when the log ended where the reader is', () => {
    const position = opened('a');
    position.saw('a', 100n, 10_000);
    position.saw('a', 200n, 20_000);
    position.saw('a', 300n, 30_000);
    expect(position.until(40_000)).toBe(-Infinity);
    position.stored('a', 100n);
    expect(position.until(40_000)).toBe(10_000);
    position.stored('a', 250n);
    expect(position.until(40_000)).toBe(20_000);
  });

  it('is that of the partition furthest behind', () => {
    const position = opened('a', 'b');
    position.saw('a', 10n, 40_000);
    position.stored('a', 10n);
    expect(position.until(29_000)).toBe(-Infinity);
    expect(position.until(50_000)).toBe(50_000);
    position.saw('b', 5n, 60_000);
    expect(position.until(70_000)).toBe(-Infinity);
  });

  it('believes the later end of two that come together', () => {
    const position = opened('a');
    position.saw('a', 100n, 10_000);
    position.saw('a', 120n, 10_500);
    position.stored('a', 100n);
    expect(position.until(20_000)).toBe(-Infinity);
    position.stored('a', 120n);
    expect(position.until(20_000)).toBe(20_000);
  });
});
