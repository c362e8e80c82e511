import { describe, expect, test } from 'vitest';
import { withFields } from './fields.test-support.ts';
import { formatReplaces, parseReplaces, replacesMatches, replacesOf } from './replaces.ts';

describe('Replaces', () => {
  test('[RFC3891-6.1] the examples of the section, in any order and spacing', () => {
    expect(parseReplaces('98732@sip.example.com ;from-tag=r33th4x0r ;to-tag=ff87ff')).toEqual({
      callId: '98732@sip.example.com',
      toTag: 'ff87ff',
      fromTag: 'r33th4x0r',
      earlyOnly: false,
    });
    expect(parseReplaces('12adf2f34456gs5;to-tag=12345;from-tag=54321;early-only;new=1')).toMatchObject({
      toTag: '12345',
      fromTag: '54321',
      earlyOnly: true,
    });
  });

  test.each([
    '',
    'id',
    ';to-tag=1;from-tag=2',
    'id;to-tag=1',
    'id;from-tag=2',
    'id;to-tag;from-tag=2',
    'id;to-tag="1";from-tag=2',
    'id;to-tag=1;to-tag=1;from-tag=2',
    'id;to-tag=1;from-tag=2;From-Tag=3',
    'a b;to-tag=1;from-tag=2',
    'id;to-tag=1;from-tag=2, id;to-tag=1;from-tag=2',
  ])('[RFC3891-6.1] %j is none: a Call-ID and exactly one of each tag', (text) => {
    expect(parseReplaces(text)).toBeUndefined();
  });

  test('[RFC3891-3] several of them, or one beside Join, are malformed', () => {
    const value = 'id;to-tag=1;from-tag=2';
    expect(replacesOf(withFields())).toBeUndefined();
    expect(replacesOf(withFields(['Replaces', value]))).toMatchObject({ callId: 'id' });
    expect(replacesOf(withFields(['Replaces', value], ['Replaces', value]))).toBe('malformed');
    expect(replacesOf(withFields(['Replaces', value], ['Join', value]))).toBe('malformed');
    expect(replacesOf(withFields(['Replaces', 'id']))).toBe('malformed');
  });

  test('[RFC3891-3] to-tag is the local tag of the receiver; 0 stands for none', () => {
    const value = { callId: 'id', toTag: 'ours', fromTag: 'theirs', earlyOnly: false };
    expect(replacesMatches(value, { callId: 'id', localTag: 'ours', remoteTag: 'theirs' })).toBe(true);
    expect(replacesMatches(value, { callId: 'id', localTag: 'theirs', remoteTag: 'ours' })).toBe(false);
    expect(replacesMatches(value, { callId: 'ID', localTag: 'ours', remoteTag: 'theirs' })).toBe(false);
    const old = { ...value, fromTag: '0' };
    expect(replacesMatches(old, { callId: 'id', localTag: 'ours', remoteTag: undefined })).toBe(true);
    expect(replacesMatches(old, { callId: 'id', localTag: 'ours', remoteTag: 'theirs' })).toBe(false);
  });

  test('formatting and parsing are inverse', () => {
    const value = { callId: 'a@b', toTag: '1', fromTag: '2', earlyOnly: true };
    expect(formatReplaces(value)).toBe('a@b;to-tag=1;from-tag=2;early-only');
    expect(parseReplaces(formatReplaces(value))).toEqual(value);
  });
});
