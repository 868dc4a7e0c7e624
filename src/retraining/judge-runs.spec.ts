import { beforeEach, expect, it } from 'vitest';
import {
  actions,
  begin,
  change,
  decide,
  finishedRun,
  HOUR,
  incident,
  later,
  report,
  START,
  state,
} from '../../test/support/retraining-ground.js';
import type { Incident } from '../domain/incident.js';
import { lastWord } from './last-word.js';

beforeEach(begin);

const closed = (changed: Partial<Incident> = {}) =>
  change('closed', { state: 'CLOSED', closeReason: 'recovered', ...changed });
const underEight = (changed: Partial<Incident> = {}) =>
  change('opened', { id: 'i-8', signal: { ...incident().signal, version: '8' }, ...changed });
const run = () => state.list()[0]!;

it('is not proved by the end of the incident under the version before: nothing of the new one was seen', () => {
  finishedRun();
  later(10_000);
  expect(decide({}, [closed()])).toEqual([]);
  expect(run()).toMatchObject({ state: 'succeeded', verdict: null });
});

it('is disproved by the problem under the version it made, whoever answers', () => {
  finishedRun();
  later(48 * HOUR);
  const entries = decide({ champion: '8' }, [underEight()]);
  expect(actions(entries)[0]).toBe('retraining.rejected');
  expect(state.list().at(-1)?.verdict).toBe('the problem is there under version 8: the error rate doubled');
  expect(state.futileRuns('credit-default')).toBe(1);
});

it('goes on when the problem is raised again before its version answers, and counts as one that has not helped, once', () => {
  finishedRun();
  later(HOUR);
  expect(actions(decide())).toEqual(['retraining.asked_again', 'retraining.deferred']);
  expect(run()).toMatchObject({
    state: 'succeeded',
    askedAgain: 'the problem was raised again before version 8 answered: the error rate doubled',
  });
  expect(decide({}, [change('escalated')])).toEqual([]);
  later(HOUR);
  expect(actions(decide({ champion: '8' }, [underEight()]))[0]).toBe('retraining.rejected');
  expect(state.futileRuns('credit-default')).toBe(1);
});

it('says nothing of windows of before it ended, nor of the version before once the new one answers', () => {
  finishedRun();
  later(HOUR);
  expect(actions(decide({}, [change('escalated', { lastWindowTo: START })]))).toEqual([
    'retraining.deferred',
  ]);
  expect(decide({ champion: '8' }, [change('escalated')])).toEqual([]);
  expect(run()).toMatchObject({ state: 'succeeded', askedAgain: null });
});

it('is judged by its incident in later windows where the version keeps its name', () => {
  decide();
  report('succeeded', { model_version: '7', message: 'fitted' });
  expect(decide({}, [closed({ lastWindowTo: START })])).toEqual([]);
  later(HOUR);
  expect(decide({}, [closed({ closeReason: 'manual' })])).toEqual([]);
  expect(actions(decide({}, [closed()]))).toEqual(['retraining.validated']);
  expect(lastWord(state.story(run().id)!, run())).toBe('the problem ended');
});

it('is disproved where the version keeps its name and the problem comes back, and proved runs clear the count', () => {
  decide();
  report('succeeded');
  later(48 * HOUR);
  expect(actions(decide())).toEqual(['retraining.rejected', 'retraining.requested', 'delivery.requested']);
  expect(state.futileRuns('credit-default')).toBe(1);
  report('succeeded');
  later(HOUR);
  decide({}, [closed()]);
  expect(state.futileRuns('credit-default')).toBe(0);
});
