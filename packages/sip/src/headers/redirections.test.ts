import { describe, expect, test } from 'vitest';
import { diversions, formatDiversion, parseDiversion } from './diversion.ts';
import { withFields } from './fields.test-support.ts';
import { formatHistoryEntry, historyInfo, parseHistoryEntry } from './history-info.ts';
import { redirections } from './redirections.ts';

function history(...values: string[]) {
  return withFields(...values.map((value) => ['History-Info', value] as const));
}

const hiddenBy = (privacy: string) =>
  historyInfo(
    withFields(['Privacy', privacy], ['History-Info', '<sip:a@b>;index=1, <sip:c@d>;index=1.1']),
  ).map((entry) => entry.private);

describe('Diversion', () => {
  test('[RFC5806-9] parameters, quoted or not', () => {
    expect(
      parseDiversion('"Bob" <sip:bob@b;user=phone>;Reason="user-busy";counter=2;privacy="Full";screen=no'),
    ).toEqual({
      uri: 'sip:bob@b;user=phone',
      displayName: 'Bob',
      reason: 'user-busy',
      counter: 2,
      privacy: 'full',
    });
    expect(parseDiversion('<tel:+1>')).toEqual({
      uri: 'tel:+1',
      reason: 'unknown',
      counter: 1,
      privacy: 'off',
    });
    expect(parseDiversion('<tel:+1>;reason=own;counter=x;privacy=new')).toMatchObject({
      reason: 'unknown',
      counter: 1,
      privacy: 'full',
    });
    expect(parseDiversion('nonsense')).toBeUndefined();
  });

  test('formatting and parsing are inverse', () => {
    const value = { uri: 'sip:a@b', displayName: 'A', reason: 'away', counter: 3, privacy: 'uri' } as const;
    expect(formatDiversion(value)).toBe('"A" <sip:a@b>;reason=away;counter=3;privacy=uri');
    expect(parseDiversion(formatDiversion(value))).toEqual(value);
  });

  test('no more are read than a call can have', () => {
    const many = Array.from({ length: 100 }, (_, at) => ['Diversion', `<sip:${at}@b>`] as const);
    expect(diversions(withFields(...many))).toHaveLength(70);
  });
});

describe('History-Info', () => {
  test('[RFC7044-5] index, origin, Reason and Privacy', () => {
    expect(
      parseHistoryEntry(
        '"Bob" <sip:bob@192.0.2.4;x=y?Reason=SIP%3Bcause%3D486%3Btext%3D%22Busy%20Here%22%2CQ.850%3Bcause%3D17&Privacy=history>;index=1.2.1;rc=1.2;foo',
      ),
    ).toEqual({
      uri: 'sip:bob@192.0.2.4;x=y',
      displayName: 'Bob',
      index: '1.2.1',
      how: { kind: 'rc', of: '1.2' },
      reasons: [
        { protocol: 'SIP', cause: 486, text: 'Busy Here' },
        { protocol: 'Q.850', cause: 17 },
      ],
      private: true,
    });
  });

  test.each([
    '<sip:a@b>',
    '<sip:a@b>;index',
    '<sip:a@b>;index=1.',
    '<sip:a@b>;index=a',
    '<sip:a@b>;index=1.2;rc=x',
    '<sip:a@b?Reason=%0d%0a>;index=1',
    `<sip:a@b>;index=1${'.1'.repeat(100)}`,
    'nonsense;index=1',
  ])('[RFC7044-5] %j is none', (text) => {
    expect(parseHistoryEntry(text)).toBeUndefined();
  });

  test('[RFC7044-10.1.2] Privacy of the message hides every entry', () => {
    expect(hiddenBy('history')).toEqual([true, true]);
    expect(hiddenBy('header')).toEqual([true, true]);
    expect(hiddenBy('id')).toEqual([false, false]);
  });

  test('formatting and parsing are inverse', () => {
    const entry = {
      uri: 'sip:a@b',
      displayName: 'A',
      index: '1.1',
      how: { kind: 'mp', of: '1' },
      reasons: [{ protocol: 'SIP', cause: 302 }, { protocol: 'Q.850' }],
      private: true,
    } as const;
    expect(formatHistoryEntry(entry)).toBe(
      '"A" <sip:a@b?Reason=SIP%3Bcause%3D302%2CQ.850&Privacy=history>;index=1.1;mp=1',
    );
    expect(parseHistoryEntry(formatHistoryEntry(entry))).toEqual(entry);
  });
});

describe('redirections', () => {
  test('[RFC5806-8.1] Diversion has the latest first; here the oldest comes first', () => {
    const message = withFields(
      ['Diversion', '<sip:carol@b>;reason=no-answer'],
      ['Diversion', '"Bob" <sip:bob@b>;reason=unconditional;privacy=full, <sip:alice@b>;reason=x'],
    );
    expect(redirections(message)).toEqual([
      { uri: 'sip:alice@b', private: false },
      { uri: 'sip:bob@b', displayName: 'Bob', reason: 'unconditional', private: true },
      { uri: 'sip:carol@b', reason: 'no_answer', private: false },
    ]);
    expect(redirections(withFields())).toEqual([]);
  });

  test.each([
    ['user-busy', 'busy'],
    ['no-answer', 'no_answer'],
    ['unavailable', 'unavailable'],
    ['unconditional', 'unconditional'],
    ['time-of-day', 'time_of_day'],
    ['do-not-disturb', 'do_not_disturb'],
    ['deflection', 'deflection'],
    ['follow-me', 'follow_me'],
    ['out-of-service', 'out_of_service'],
    ['away', 'away'],
    ['unknown', undefined],
  ])('[RFC5806-9] reason %s', (word, reason) => {
    expect(redirections(withFields(['Diversion', `<sip:a@b>;reason=${word}`]))[0]?.reason).toBe(reason);
  });

  test('[RFC7044-5] mp names the user that was left, whose contact says why; contacts are no redirections', () => {
    const message = history(
      '<sip:bob@example.com>;index=1',
      '<sip:bob@192.0.2.4?Reason=SIP%3Bcause%3D486>;index=1.1;rc=1',
      '<sip:bob@192.0.2.5?Reason=SIP%3Bcause%3D480>;index=1.2;rc=1',
      '<sip:office@example.com>;index=1.3;mp=1',
      '<sip:office@192.0.2.6>;index=1.3.1;rc=1.3',
    );
    expect(redirections(message)).toEqual([
      { uri: 'sip:bob@example.com', reason: 'deflection', private: false },
    ]);
  });

  test.each([
    [302, 'unconditional'],
    [408, 'no_answer'],
    [480, 'deflection'],
    [486, 'busy'],
    [487, 'deflection'],
    [503, 'unavailable'],
    [404, undefined],
  ])('[RFC7544-6] cause %i of the next target', (cause, reason) => {
    const message = history('<sip:bob@b>;index=1', `<sip:vm@b;cause=${cause}>;index=1.1;mp=1`);
    expect(redirections(message)).toEqual([
      { uri: 'sip:bob@b', private: false, ...(reason !== undefined && { reason }) },
    ]);
  });

  test('[RFC7544-6] a cause without mp: the entry before it, or the user that it is a contact of', () => {
    const message = history(
      '<sip:bob@b?Privacy=history>;index=1',
      '<sip:bob@192.0.2.4>;index=1.1;rc=1',
      '<sip:vm@b;cause=408>;index=1.2',
      '<sip:vm@b;cause=408>;index=1.2.1;np=1.2',
    );
    expect(redirections(message)).toEqual([{ uri: 'sip:bob@b', reason: 'no_answer', private: true }]);
  });

  test('[RFC4244-4.3.4] without rc and mp, a target with a Reason was left for the next', () => {
    const message = history(
      '<sip:ua1@example.com?Reason=SIP%3Bcause%3D302>;index=1, <sip:ua2@example.com?Reason=SIP%3Bcause%3D408>;index=1.1',
      '<sip:ua3@example.com>;index=1.2',
    );
    expect(redirections(message).map(({ uri, reason }) => [uri, reason])).toEqual([
      ['sip:ua1@example.com', 'unconditional'],
      ['sip:ua2@example.com', 'no_answer'],
    ]);
  });

  test('entries that name each other end', () => {
    const message = history(
      '<sip:a@b>;index=1;rc=2',
      '<sip:c@d>;index=2;rc=1',
      '<sip:e@f;cause=302>;index=3',
    );
    expect(redirections(message)).toEqual([{ uri: 'sip:a@b', reason: 'unconditional', private: false }]);
  });

  test('History-Info without a redirection leaves Diversion to tell', () => {
    const message = withFields(['History-Info', '<sip:a@b>;index=1'], ['Diversion', '<sip:c@d>;reason=away']);
    expect(redirections(message)).toEqual([{ uri: 'sip:c@d', reason: 'away', private: false }]);
  });
});
