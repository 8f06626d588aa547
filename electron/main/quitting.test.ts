import { expect, it } from 'vitest';
import { createQuit } from './quitting.ts';

/** A quit whose steps are noted down. */
function noted(close: () => Promise<void>) {
  const steps: string[] = [];
  const quit = createQuit({
    close: () => {
      steps.push('close');
      return close();
    },
    kill: () => void steps.push('kill'),
    exit: (code) => void steps.push(`exit ${code}`),
    deadlineMs: 30,
  });
  return { quit, steps };
}

it('exits once the members have stopped', async () => {
  const { quit, steps } = noted(() => Promise.resolve());
  await quit();
  expect(steps).toEqual(['close', 'exit 0']);
});

it('closes once, however often it is asked', async () => {
  const { quit, steps } = noted(() => Promise.resolve());
  await Promise.all([quit(), quit()]);
  await quit();
  expect(steps).toEqual(['close', 'exit 0']);
});

it('kills what has not stopped by the deadline', async () => {
  const { quit, steps } = noted(() => new Promise(() => undefined));
  await quit();
  expect(steps).toEqual(['close', 'kill', 'exit 1']);
});

it('kills what failed to stop', async () => {
  const { quit, steps } = noted(() => Promise.reject(new Error('stuck')));
  await quit();
  expect(steps).toEqual(['close', 'kill', 'exit 1']);
});
