import { describe, expect, it } from 'vitest';
import { closingLine, sum, tallyOf } from './tally.ts';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((each) => ({ status: each })),
});
const report = {
  numPassedTests: 3,
  numFailedTests: 1,
  numPendingTests: 1,
  numTodoTests: 0,
  success: false,
  testResults: [file('failed', 'passed', 'failed'), file('passed', 'passed', 'passed', 'pending')],
};

describe('closing line of ./test', () => {
  it('[test-closing-line] counts passed and failed, and skipped where there are any', () => {
    expect(closingLine({ passed: 7, failed: 0, skipped: 0 })).toBe('7 passed, 0 failed');
    expect(closingLine(sum([tallyOf(report), { passed: 1, failed: 0, skipped: 1 }]))).toBe(
      '4 passed, 1 failed, 2 skipped',
    );
  });

  it('[test-broken-file] a file that cannot be loaded is a failure', () => {
    const broken = { ...report, testResults: [...report.testResults, file('failed')] };
    expect(tallyOf(broken).failed).toBe(2);
  });

  it('[test-error-outside] a run that failed without a failed test is a failure', () => {
    expect(tallyOf({ ...report, numFailedTests: 0, testResults: [] }).failed).toBe(1);
  });
});
