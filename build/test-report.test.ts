import { describe, expect, it } from 'vitest';
import { lastLine, tally } from './test-report.js';

const file = (name: string, status: string, ...tests: readonly string[]) => ({
  name,
  status,
  assertionResults: tests.map((test) => ({ status: test, fullName: `${name} ${test}` })),
});

describe('the tally of a run', () => {
  it('counts tests, and names those that were skipped', () => {
    const testResults = [
      file('a', 'passed', 'passed', 'skipped'),
      file('b', 'failed', 'failed', 'passed'),
      file('c', 'passed', 'pending', 'todo'),
    ];
    expect(tally({ numPassedTests: 2, numFailedTests: 1, testResults })).toEqual({
      passed: 2,
      failed: 1,
      skipped: [
        { file: 'a', tests: ['a skipped'] },
        { file: 'c', tests: ['c pending', 'c todo'] },
      ],
    });
  });

  it('counts a file that did not load as a failure', () => {
    const testResults = [file('broken', 'failed'), file('fine', 'passed', 'passed')];
    expect(tally({ numPassedTests: 1, numFailedTests: 0, testResults })).toEqual({
      passed: 1,
      failed: 1,
      skipped: [],
    });
  });

  it('ends with one line, which speaks of skips only when there are any', () => {
    expect(lastLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
    expect(lastLine({ passed: 12, failed: 1, skipped: 3 })).toBe('12 passed, 1 failed, 3 skipped');
  });
});
