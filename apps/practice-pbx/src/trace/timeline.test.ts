import { describe, expect, it } from 'vitest';
import { PHONE, cstaEntry, sipEntry } from './entries.test-support.ts';
import { BEGINNING, positionAfter, timeline } from './timeline.ts';

const summaryOf = (text: string) => timeline([sipEntry(1, 'in', PHONE, text)], [])[0]?.summary;

describe('the time line', () => {
  it('puts SIP and CSTA in the order of time, each numbered by itself', () => {
    const sip = [
      sipEntry(1, 'in', PHONE, 'BYE a SIP/2.0', 10),
      sipEntry(2, 'in', PHONE, 'ACK a SIP/2.0', 30),
    ];
    const entries = timeline(sip, [cstaEntry(7, 20, '0001 HoldCall', '<HoldCall/>')]);
    expect(entries.map(({ protocol, number }) => `${protocol} ${number}`)).toEqual([
      'sip 1',
      'csta 7',
      'sip 2',
    ]);
    expect(positionAfter(BEGINNING, entries)).toEqual({ sip: 2, csta: 7 });
    expect(positionAfter({ sip: 5, csta: 9 }, [])).toEqual({ sip: 5, csta: 9 });
  });

  it.each([
    ['INVITE sip:201@pbx SIP/2.0\nTo: <sip:201@pbx>', 'INVITE 201'],
    ['INVITE sip:%2B49@pbx SIP/2.0\nTo: <sip:x@pbx>', 'INVITE +49'],
    ['INVITE sip:201@pbx SIP/2.0\nTo: <sip:201@pbx>;tag=7', 'INVITE again'],
    ['INVITE sip:201@pbx SIP/2.0\nReplaces: a;to-tag=b;from-tag=c', 'INVITE 201 with Replaces'],
    ['REFER sip:x@pbx SIP/2.0\nRefer-To: <sip:202@pbx>', 'REFER to 202'],
    ['REFER sip:x@pbx SIP/2.0\nr: <sip:202@pbx?Replaces=a%3B>', 'REFER to 202 with Replaces'],
    ['NOTIFY sip:x@pbx SIP/2.0\nEvent: talk', 'NOTIFY talk'],
    ['SIP/2.0 486 Busy Here\nCSeq: 1 INVITE', '486 Busy Here (INVITE)'],
    ['no message at all', 'no message at all'],
    ['INVITE sip:%zz@pbx SIP/2.0\n', 'INVITE %zz'],
  ])('says in a few words what %j is', (text, summary) => {
    expect(summaryOf(text)).toBe(summary);
  });

  it('tells what is routine from what belongs to calls', () => {
    const texts = [
      'REGISTER sip:pbx SIP/2.0\nCSeq: 1 REGISTER',
      'SIP/2.0 200 OK\nCSeq: 1 OPTIONS',
      'NOTIFY sip:x SIP/2.0\nCSeq: 1 NOTIFY\nEvent: message-summary',
      'NOTIFY sip:x SIP/2.0\nCSeq: 1 NOTIFY\nEvent: refer',
      'INVITE sip:x SIP/2.0\nCSeq: 1 INVITE',
    ];
    const entries = timeline(
      texts.map((text, index) => sipEntry(index, 'in', PHONE, text)),
      [cstaEntry(1, 90, '0003 SystemStatus', ''), cstaEntry(2, 91, '9999 DeliveredEvent', '')],
    );
    expect(entries.map(({ isRoutine }) => isRoutine)).toEqual([true, true, true, false, false, true, false]);
  });

  it('knows a CSTA message by every call in it', () => {
    const text = '<E><c:callID>one</c:callID><callID>two</callID><callID>one</callID></E>';
    expect(timeline([], [cstaEntry(1, 1, '9999 E', text)])[0]?.callIds).toEqual(['one', 'two']);
  });
});
