/** What a run of changed code comes to. */

/**
 * @typedef {{ file: string, code: string, replacement?: string, status: string, location: { start: { line: number } } }} Change
 * @typedef {{ file: string, code: string, replacement: string, why: string }} Equivalent
 * @typedef {{ changes: number, noticed: number, equivalent: number, survived: number, unreached: number, share: number }} Score
 */

const NOTICED = new Set(['Killed', 'Timeout', 'RuntimeError']);
const UNNOTICED = new Set(['Survived', 'NoCoverage']);

/**
 * Survivors that nobody excused, excuses that excuse nothing in the files that were run, and the score by folder and of all. An excuse names a change by the
 * text of its line, not by its number.
 * @param {readonly Change[]} changes
 * @param {readonly Equivalent[]} equivalent
 */
export function judged(changes, equivalent) {
  const excuse = ({ file, code, replacement }) =>
    equivalent.find((one) => one.file === file && one.code === code && one.replacement === replacement);
  const left = changes.filter(({ status }) => UNNOTICED.has(status));
  const used = new Set(left.map(excuse));
  const run = new Set(changes.map(({ file }) => file));
  const folders = [...new Set(changes.map(({ file }) => folderOf(file)))].toSorted((a, b) =>
    a.localeCompare(b),
  );
  const scoreOf = (of) => {
    const noticed = of.filter(({ status }) => NOTICED.has(status)).length;
    const open = of.filter((one) => UNNOTICED.has(one.status) && !excuse(one));
    const excused = of.filter((one) => UNNOTICED.has(one.status)).length - open.length;
    const unreached = open.filter(({ status }) => status === 'NoCoverage').length;
    const counted = noticed + open.length;
    const share = counted === 0 ? 100 : (100 * noticed) / counted;
    return {
      changes: counted + excused,
      noticed,
      equivalent: excused,
      survived: open.length - unreached,
      unreached,
      share,
    };
  };
  return {
    survivors: left.filter((one) => !excuse(one)),
    unneeded: equivalent.filter((one) => run.has(one.file) && !used.has(one)),
    scores: {
      folders: folders.map((name) => [name, scoreOf(changes.filter(({ file }) => folderOf(file) === name))]),
      all: scoreOf(changes),
    },
  };
}

/** The scores as a table. */
export function table({ folders, all }) {
  const line = (name, { changes, noticed, equivalent, survived, unreached, share }) =>
    `| ${name} | ${changes} | ${noticed} | ${survived} | ${unreached} | ${equivalent} | ${share.toFixed(1)} % |`;
  return [
    '| folder | changes | noticed | survived | no spec reaches it | equivalent | noticed of the rest |',
    '|---|---|---|---|---|---|---|',
    ...folders.map(([name, score]) => line(name, score)),
    line('all', all),
  ].join('\n');
}

function folderOf(file) {
  return file.split('/').slice(0, 2).join('/');
}
