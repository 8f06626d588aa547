// Reads Vitest's JSON report: how much passed, what failed, what was skipped.

/**
 * @typedef {object} Report the part of Vitest's JSON report that is read here
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {readonly TestFile[]} testResults
 *
 * @typedef {object} TestFile
 * @property {string} name
 * @property {string} status
 * @property {readonly { readonly status: string, readonly fullName: string }[]} assertionResults
 *
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed tests, and files that did not load
 * @property {readonly { readonly file: string, readonly tests: readonly string[] }[]} skipped
 */

/** @param {Report} report @returns {Tally} */
export function tally(report) {
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const skipped = report.testResults
    .map(({ name, assertionResults }) => ({
      file: name,
      tests: assertionResults
        .filter(({ status }) => status !== 'passed' && status !== 'failed')
        .map(({ fullName }) => fullName.trim()),
    }))
    .filter(({ tests }) => tests.length > 0);
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length, skipped };
}

/** The line that ends a run. @param {{ passed: number, failed: number, skipped: number }} counts */
export function lastLine({ passed, failed, skipped }) {
  const line = `${passed} passed, ${failed} failed`;
  return skipped > 0 ? `${line}, ${skipped} skipped` : line;
}
