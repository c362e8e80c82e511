import { SeededRandom } from '@offhook/testkit';
import { describe, expect, it } from 'vitest';
import { MADE_NAMES, makeMessage } from '../fuzz/messages.ts';
import { EDITIONS, namespaceOf, sessionNamespace } from '../schema/namespaces.ts';
import { decodeMessage } from './decode.ts';
import { encodeMessage } from './encode.ts';
import { isSessionMessageName, MESSAGE_NAMES } from './messages.ts';

const rounds = 60;

describe('every message', () => {
  it('there is a maker for each', () => {
    expect([...MADE_NAMES].toSorted()).toEqual([...MESSAGE_NAMES].toSorted());
  });

  it.each(MADE_NAMES)('[ECMA-323] %s is read as it was written', (name) => {
    for (let seed = 1; seed <= rounds; seed += 1) {
      const random = new SeededRandom(seed);
      const message = makeMessage(name, random);
      const style = { edition: random.pick(EDITIONS), isMisspelt: random.chance(0.5) };
      const document = encodeMessage(message, style);
      const decoded = decodeMessage(document);
      expect(decoded, `seed ${seed}: ${new TextDecoder().decode(document)}`).toEqual({
        kind: 'message',
        message,
        edition: isSessionMessageName(name) ? undefined : style.edition,
      });
    }
  });

  it.each(EDITIONS)('[ECMA-323] edition %i is written in its namespace', (edition) => {
    const document = encodeMessage({ name: 'AnswerCallResponse' }, { edition, isMisspelt: false });
    expect(new TextDecoder().decode(document)).toContain(
      `<AnswerCallResponse xmlns="${namespaceOf(edition)}"/>`,
    );
  });

  it('[ECMA-354] session messages have a namespace of their own', () => {
    const document = encodeMessage({ name: 'StopApplicationSession', sessionID: '1' });
    expect(new TextDecoder().decode(document)).toContain(
      `<StopApplicationSession xmlns="${sessionNamespace}">`,
    );
  });

  it('what is no message of ours is not written', () => {
    const foreign: unknown = { name: 'toString' };
    expect(() => encodeMessage(foreign as Parameters<typeof encodeMessage>[0])).toThrow(RangeError);
  });
});
