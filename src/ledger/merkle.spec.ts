import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CompactRange, emptyRoot, leafHash, nodeHash } from './merkle.js';
import { verifyConsistency, verifyInclusion } from './merkle-proof.js';
import { LeavesChanged, LogTree } from './log-tree.js';
import { MerkleTree } from './merkle-tree.js';

// The eight leaves, roots and proofs that the Certificate Transparency implementations test themselves with
// (google/certificate-transparency, merkle_tree_test.cc).
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((text) => leafHash(Buffer.from(text, 'hex')));
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const INCLUSION: readonly [index: number, size: number, proof: readonly string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
];
const CONSISTENCY: readonly [older: number, newer: number, proof: readonly string[]][] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];

const hex = (hashes: readonly Buffer[]): string[] => hashes.map((hash) => hash.toString('hex'));
const bytes = (hashes: readonly string[]): Buffer[] => hashes.map((hash) => Buffer.from(hash, 'hex'));
/** All in one block: none is read again. */
function treeOf(leaves: readonly Buffer[]): LogTree {
  const tree = new LogTree({ leavesOf: async () => null });
  for (const leaf of leaves) tree.append(leaf);
  return tree;
}
/** RFC 6962 section 2.1 to the letter. */
function definition(leaves: readonly Buffer[]): Buffer {
  const [first] = leaves;
  if (!first) return emptyRoot();
  if (leaves.length === 1) return first;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(definition(leaves.slice(0, k)), definition(leaves.slice(k)));
}

describe('the published vectors', () => {
  it.each(ROOTS.map((root, size) => [size, root] as const))('root of %i leaves', async (size, root) => {
    const range = new CompactRange();
    for (const leaf of LEAVES.slice(0, size)) range.append(leaf);
    expect(range.root().toString('hex')).toBe(root);
    expect(range.size).toBe(size);
    expect((await treeOf(LEAVES).rootOf(size)).toString('hex')).toBe(root);
  });

  it.each(INCLUSION)('inclusion of leaf %i in %i', async (index, size, proof) => {
    expect(hex(await treeOf(LEAVES).inclusionProof(index, size))).toEqual(proof);
    const root = Buffer.from(ROOTS[size]!, 'hex');
    expect(verifyInclusion({ leaf: LEAVES[index]!, index, size, proof: bytes(proof), root })).toBe(true);
  });

  it.each(CONSISTENCY)('consistency of %i with %i', async (older, newer, proof) => {
    expect(hex(await treeOf(LEAVES).consistencyProof(older, newer))).toEqual(proof);
    const [olderRoot, newerRoot] = [Buffer.from(ROOTS[older]!, 'hex'), Buffer.from(ROOTS[newer]!, 'hex')];
    expect(verifyConsistency({ older, olderRoot, newer, newerRoot, proof: bytes(proof) })).toBe(true);
  });
});

describe('any tree', () => {
  const leaves = fc.array(
    fc.uint8Array({ maxLength: 4 }).map((data) => leafHash(data)),
    { minLength: 1, maxLength: 130 },
  );

  it('has the root of the definition, whichever way it grows, now and in the past', async () => {
    await fc.assert(
      fc.asyncProperty(leaves, fc.nat(), async (all, at) => {
        const size = at % (all.length + 1);
        const tree = treeOf(all);
        expect(tree.root()).toEqual(definition(all));
        expect(await tree.rootOf(size)).toEqual(definition(all.slice(0, size)));
      }),
    );
  });

  it('proves every leaf at its place, and at no other, and no other leaf there', async () => {
    await fc.assert(
      fc.asyncProperty(leaves, fc.nat(), fc.nat(), async (all, a, b) => {
        const size = 1 + (a % all.length);
        const index = b % size;
        const tree = treeOf(all);
        const claim = {
          leaf: all[index]!,
          index,
          size,
          proof: await tree.inclusionProof(index, size),
          root: await tree.rootOf(size),
        };
        expect(verifyInclusion(claim)).toBe(true);
        expect(verifyInclusion({ ...claim, leaf: leafHash('somebody else') })).toBe(false);
        expect(verifyInclusion({ ...claim, root: leafHash('another root') })).toBe(false);
        expect(verifyInclusion({ ...claim, proof: [...claim.proof, claim.leaf] })).toBe(false);
        expect(verifyInclusion({ ...claim, index: size })).toBe(false);
        if (claim.proof.length > 0)
          expect(verifyInclusion({ ...claim, proof: claim.proof.slice(1) })).toBe(false);
      }),
    );
  });

  it('proves that it begins with every tree it was, and with no other', async () => {
    await fc.assert(
      fc.asyncProperty(leaves, fc.nat(), fc.nat(), async (all, a, b) => {
        const newer = 1 + (a % all.length);
        const older = b % (newer + 1);
        const tree = treeOf(all);
        const proof = await tree.consistencyProof(older, newer);
        const claim = {
          older,
          olderRoot: await tree.rootOf(older),
          newer,
          newerRoot: await tree.rootOf(newer),
          proof,
        };
        expect(verifyConsistency(claim)).toBe(true);
        expect(verifyConsistency({ ...claim, olderRoot: leafHash('rewritten') })).toBe(false);
        expect(verifyConsistency({ ...claim, proof: [...proof, leafHash('more')] })).toBe(false);
        if (older > 0) expect(verifyConsistency({ ...claim, newerRoot: leafHash('rewritten') })).toBe(false);
        if (proof.length > 0) expect(verifyConsistency({ ...claim, proof: proof.slice(1) })).toBe(false);
      }),
    );
  });

  it('refuses what is no hash', async () => {
    const tree = treeOf(LEAVES);
    const claim = {
      leaf: LEAVES[2]!,
      index: 2,
      size: 8,
      proof: await tree.inclusionProof(2),
      root: tree.root(),
    };
    expect(verifyInclusion({ ...claim, proof: claim.proof.with(0, Buffer.alloc(31)) })).toBe(false);
    expect(verifyInclusion({ ...claim, leaf: Buffer.alloc(0) })).toBe(false);
    expect(() => nodeHash(Buffer.alloc(33), LEAVES[0]!)).toThrow(RangeError);
  });
});

describe('the tree of a long log', () => {
  /** In blocks of four, begun behind `known` of them, whose leaves are read when they are asked for. */
  const longOf = (all: readonly Buffer[], known = 0, stored = all): LogTree => {
    const leavesOf = async (after: number, upTo: number) => Buffer.concat(stored.slice(after, upTo));
    const [tree, grown] = [1, 2].map(() => new LogTree({ leavesOf, width: 4 })) as [LogTree, LogTree];
    for (const leaf of all) grown.append(leaf);
    tree.begin(grown.blocks(known));
    for (const leaf of all.slice(known * 4)) tree.append(leaf);
    return tree;
  };
  const leaves = fc.array(
    fc.uint8Array({ maxLength: 4 }).map((data) => leafHash(data)),
    { minLength: 1, maxLength: 80 },
  );

  it('says the same as one that keeps everything, wherever it began', async () => {
    await fc.assert(
      fc.asyncProperty(leaves, fc.nat(), fc.nat(), fc.nat(), async (all, a, b, c) => {
        const known = c % (Math.floor(all.length / 4) + 1);
        const size = 1 + (a % all.length);
        const index = b % size;
        const [long, whole] = [longOf(all, known), treeOf(all)];
        expect([long.size, long.root()]).toEqual([whole.size, whole.root()]);
        expect(await long.rootOf(size)).toEqual(await whole.rootOf(size));
        expect(hex(await long.inclusionProof(index, size))).toEqual(
          hex(await whole.inclusionProof(index, size)),
        );
        expect(hex(await long.consistencyProof(index, size))).toEqual(
          hex(await whole.consistencyProof(index, size)),
        );
        const range = CompactRange.of(known * 4, long.peaks(known));
        for (const leaf of all.slice(known * 4)) range.append(leaf);
        expect(range.root()).toEqual(whole.root());
      }),
    );
  });

  it('makes no proof of stored hashes that are not those it was made of', async () => {
    const all = Array.from({ length: 11 }, (_, i) => leafHash(`${i}`));
    const tree = longOf(all, 2, all.with(5, leafHash('edited')));
    await expect(tree.inclusionProof(6)).rejects.toThrow(LeavesChanged);
    await expect(tree.rootOf(7)).rejects.toThrow(/stored hashes of entries 5 to 8/);
    expect(hex(await tree.inclusionProof(2))).toEqual(hex(await treeOf(all).inclusionProof(2)));
    expect(tree.root()).toEqual(treeOf(all).root());
  });

  it('keeps the nodes of few blocks, and reads those of the others again', async () => {
    const all = Array.from({ length: 400 }, (_, i) => leafHash(`${i}`));
    const read: number[] = [];
    const tree = new LogTree({
      width: 4,
      leavesOf: async (after, upTo) => {
        read.push(after);
        return Buffer.concat(all.slice(after, upTo));
      },
    });
    for (const leaf of all) tree.append(leaf);
    expect(await tree.inclusionProof(399)).toEqual(await treeOf(all).inclusionProof(399));
    expect(read).toEqual([]);
    for (let i = 0; i < 2; i++) await tree.inclusionProof(1);
    expect(read).toEqual([0]);
  });

  it('refuses places it does not have', async () => {
    for (const tree of [treeOf(LEAVES), longOf(LEAVES)]) {
      await expect(tree.rootOf(9)).rejects.toThrow(RangeError);
      await expect(tree.inclusionProof(8)).rejects.toThrow(RangeError);
      await expect(tree.inclusionProof(0, 0)).rejects.toThrow(RangeError);
      await expect(tree.consistencyProof(5, 4)).rejects.toThrow(RangeError);
    }
    expect(() => new LogTree({ leavesOf: async () => null, width: 3 })).toThrow(RangeError);
  });
});

describe('a tree that is filled at once', () => {
  it('is the tree that grew', () => {
    for (const size of [0, 1, 2, 3, 7, 8, 13]) {
      const leaves = Array.from({ length: size }, (_, i) => Buffer.alloc(32, i + 1));
      const [grown, filled] = [new MerkleTree(), new MerkleTree()];
      for (const leaf of leaves) grown.append(leaf);
      filled.fill(Buffer.concat(leaves));
      for (const tree of [grown, filled]) tree.append(Buffer.alloc(32, 99));
      expect(filled.root()).toEqual(grown.root());
      expect(filled.root(size)).toEqual(grown.root(size));
    }
  });
});
