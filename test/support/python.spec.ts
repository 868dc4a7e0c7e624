import { delimiter } from 'node:path';
import { describe, expect, it } from 'vitest';
import { interpreters, runPython } from './python.js';

/** Node stands in for an interpreter: it takes a program, reads standard input and fails in the same ways. */
const node = process.execPath;
const absent = '/nonexistent/python';
const run = (program: string, pythons = [node], timeoutMs = 20_000) =>
  runPython(pythons, { args: ['-e', program], input: { asked: 7 }, timeoutMs });
const echo = `process.stdin.on('data', (text) => console.log(JSON.stringify({ heard: JSON.parse(text).asked })))`;

describe('programs in other interpreters', () => {
  it('answer with their last line, whatever they say before it', () => {
    expect(run(`console.log('warning: loud'); ${echo}`)).toEqual({ value: { heard: 7 } });
  });

  it('are missing where the interpreter does not start, is not named, or has not the module', () => {
    expect(run('', [absent])).toEqual({ missing: `${absent} does not start: ENOENT` });
    const lacking = `console.error("Traceback\\nModuleNotFoundError: No module named 'river.drift'"); process.exit(1)`;
    expect(run(lacking)).toEqual({ missing: `${node} has no module river.drift` });
    const unloadable = `console.error("Traceback\\nImportError: numpy 3 is not supported"); process.exit(1)`;
    expect(run(unloadable)).toEqual({
      missing: `${node} has a module that does not load: numpy 3 is not supported`,
    });
  });

  it('go to the next interpreter only where the one before will not do', () => {
    expect(run(echo, [absent, node])).toEqual({ value: { heard: 7 } });
    expect(run('process.exit(3)', [node, absent])).toEqual({ failed: 'ended by 3' });
    expect(run('', [absent, `${absent}3`])).toEqual({
      missing: `${absent} does not start: ENOENT; ${absent}3 does not start: ENOENT`,
    });
  });

  it('that answer are not missing because something optional is', () => {
    const optional = `console.error("ModuleNotFoundError: No module named 'plots'"); ${echo}`;
    expect(run(optional)).toEqual({ value: { heard: 7 } });
  });

  it('are stopped after their time', () => {
    expect(run('setInterval(() => {}, 1000)', [node], 500)).toEqual({ slow: 'not done after 0.5 s' });
  });

  it('that break say why in one line', () => {
    const broken = `console.error('Traceback\\n  somewhere\\nValueError: bins'); process.exit(1)`;
    expect(run(broken)).toEqual({ failed: 'ValueError: bins' });
    expect(run(`console.log('done')`)).toEqual({ failed: `${node} answered without JSON: done` });
    expect(run('')).toEqual({ failed: `${node} answered without JSON: nothing` });
    expect(run(`process.kill(process.pid, 'SIGKILL')`)).toEqual({ failed: 'ended by SIGKILL' });
  });

  it('are asked not to report their use', () => {
    const say = `console.log(JSON.stringify([process.env.DO_NOT_TRACK, process.env.NML_DISABLE_USAGE_LOGGING]))`;
    expect(run(say)).toEqual({ value: ['1', '1'] });
  });

  it('run in the interpreters that are named, in their order, else in python3', () => {
    expect(interpreters(['/a/python', '', '/b/python'].join(delimiter))).toEqual(['/a/python', '/b/python']);
    expect(interpreters('')).toEqual(['python3']);
    expect(interpreters(undefined)).not.toEqual([]);
  });
});
