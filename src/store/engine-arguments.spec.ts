import { describe, expect, it } from 'vitest';
import { memoryLimit } from './engine-arguments.js';

const GIB = 2 ** 30;

describe('memoryLimit', () => {
  it('is the smaller of the machine and the container', () => {
    expect(memoryLimit(64 * GIB, 2 * GIB)).toBe(2 * GIB);
    expect(memoryLimit(2 * GIB, 64 * GIB)).toBe(2 * GIB);
  });

  it('is the machine where there is no limit, however the kernel says so', () => {
    expect(memoryLimit(64 * GIB, 0)).toBe(64 * GIB);
    expect(memoryLimit(64 * GIB, 2 ** 64)).toBe(64 * GIB);
  });
});
