/** Which modules decide without a store, a network or a framework, so that a spec of milliseconds can tell whether they are right. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = [
  'checks',
  'incidents',
  'policies',
  'windows',
  'notify',
  'retraining',
  'ledger',
  'registry',
  'api',
];
const SHELL = /\.(?:resolver|controller|module|repository|guard|notifier|decorator|adapter|spec|d)\.ts$/u;
const OUTSIDE =
  /from '(?:[^']*\/store\/(?!sql-text)[^']*|node:(?:fs|net|http|https|dns|tls|child_process|stream|zlib)[^']*|@nestjs[^']*|express|undici|nodemailer|openid-client|jose|graphql|graphql-ws|ws|@slack[^']*|[^']*\/service\.js)'/u;

/** Paths of the pure modules below the given folders and files, or of all. */
export function pureModules(root, places) {
  const wanted = places.length > 0 ? places : FOLDERS.map((name) => `src/${name}`);
  const files = wanted.flatMap((place) => filesOf(root, place.replace(/\/$/u, '')));
  return files.filter((path) => !SHELL.test(path) && !OUTSIDE.test(readFileSync(join(root, path), 'utf8')));
}

function filesOf(root, place) {
  const path = join(root, place);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path.endsWith('.ts') ? [place] : [];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${place}/${name}`)
    .toSorted((a, b) => a.localeCompare(b));
}
