import { OffhookError } from '@offhook/contract';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createOutgoingRequests } from './requests.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function requests(limits: { open: number; waiting: number } = { open: 2, waiting: 2 }) {
  const sent: { id: number; method: string }[] = [];
  const onFull = vi.fn();
  const made = createOutgoingRequests({
    ...limits,
    onFull,
    send: (id, method) => void sent.push({ id, method }),
  });
  return { sent, onFull, ...made };
}
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error: unknown) => OffhookError.from(error).code,
  );

test('[A15] what is urgent is sent at once, whatever is open or waits', async () => {
  const { ask, sent, onFull } = requests();
  for (const method of ['a', 'b', 'c', 'd']) void ask(method, {}, 1_000).catch(() => {});
  void ask('call.place', {}, 1_000, true).catch(() => {});
  expect(sent.map(({ method }) => method)).toEqual(['a', 'b', 'call.place']);
  expect(onFull).not.toHaveBeenCalled();
});

test('answers find their requests in whatever order they come', async () => {
  const { ask, answered } = requests();
  const [first, second] = [ask('a', {}, 1_000), ask('b', {}, 1_000)];
  expect(answered(2, { ok: true, result: 'two' })).toBe(true);
  expect(answered(1, { ok: false, error: new OffhookError('no_line') })).toBe(true);
  expect(await second).toBe('two');
  expect(await codeOf(first)).toBe('no_line');
});

test('beyond the open limit requests wait in order; beyond the waiting limit they are refused', async () => {
  const { ask, answered, sent, onFull } = requests();
  const results = ['a', 'b', 'c', 'd'].map((method) => codeOf(ask(method, {}, 1_000)));
  expect(await codeOf(ask('e', {}, 1_000))).toBe('queue_full');
  expect(onFull).toHaveBeenCalledOnce();
  expect(sent.map(({ method }) => method)).toEqual(['a', 'b']);
  answered(1, { ok: true, result: null });
  expect(sent.map(({ method }) => method)).toEqual(['a', 'b', 'c']);
  answered(2, { ok: true, result: null });
  answered(3, { ok: true, result: null });
  answered(4, { ok: true, result: null });
  expect(await Promise.all(results)).toEqual(['answered', 'answered', 'answered', 'answered']);
});

test('a request without an answer ends in a timeout, makes room, and its late answer is nobody’s', async () => {
  const { ask, answered, sent } = requests({ open: 1, waiting: 2 });
  const first = codeOf(ask('a', {}, 1_000));
  const second = codeOf(ask('b', {}, 5_000));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await first).toBe('timeout');
  expect(sent.map(({ method }) => method)).toEqual(['a', 'b']);
  expect(answered(1, { ok: true, result: null })).toBe(false);
  answered(2, { ok: true, result: null });
  expect(await second).toBe('answered');
});

test('the time-out counts from the asking, also while waiting to be sent', async () => {
  const { ask, sent } = requests({ open: 1, waiting: 2 });
  const first = codeOf(ask('a', {}, 5_000));
  const second = codeOf(ask('b', {}, 1_000));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await second).toBe('timeout');
  await vi.advanceTimersByTimeAsync(4_000);
  expect(await first).toBe('timeout');
  expect(sent).toHaveLength(1);
});

test('when the socket goes everything that waits ends, and no timer is left', async () => {
  const { ask, fail } = requests({ open: 1, waiting: 2 });
  const both = [codeOf(ask('a', {}, 5_000)), codeOf(ask('b', {}, 5_000))];
  fail(new OffhookError('connector_offline'));
  expect(await Promise.all(both)).toEqual(['connector_offline', 'connector_offline']);
  expect(vi.getTimerCount()).toBe(0);
});
