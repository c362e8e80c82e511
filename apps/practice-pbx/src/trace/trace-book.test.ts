import type { SipTrace } from '@offhook/sip-node';
import { describe, expect, it } from 'vitest';
import { CALL_THROUGH, OTHER, PHONE, cstaEntry } from './entries.test-support.ts';
import { TraceBook } from './trace-book.ts';

const ALL = { routine: false, messages: false };

function bookOf(entries = CALL_THROUGH): TraceBook {
  const book = new TraceBook();
  for (const { direction, remote, text, at } of entries) {
    const message: SipTrace = { direction, transport: 'udp', remote, bytes: new TextEncoder().encode(text) };
    book.add(message, at);
  }
  return book;
}

const lines = (text: string): readonly string[] => text.trimEnd().split('\n');

describe('the trace as text', () => {
  it('is a ladder: who began on the left of the PBX, others on its right, an arrow for each message', () => {
    const [head, ...rows] = lines(bookOf().text(ALL));
    expect(head?.trim().split(/\s{2,}/u)).toEqual(['101', 'PBX', OTHER]);
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatch(/^00:00:00\.002 +│─+ INVITE 201 ──►│ +│$/u);
    expect(rows[1]).toMatch(/^00:00:00\.003 +│ +│── INVITE 201 ─+►│$/u);
    expect(rows[2]).toMatch(/│ +│◄─ 180 Ringing \(INVITE\) ─+│$/u);
    expect(rows[3]).toMatch(/│◄─+ 180 Ringing \(INVITE\) ─+│ +│$/u);
  });

  it('cuts words that are longer than the arrow', () => {
    const text = `SIP/2.0 499 ${'x'.repeat(100)}\nCSeq: 1 INVITE`;
    const book = bookOf([
      { number: 1, at: 1, direction: 'in', transport: 'udp', remote: PHONE, line: '', callId: null, text },
    ]);
    const [head, row] = lines(book.text(ALL));
    expect(row?.length).toBeLessThan((head?.length ?? 0) + 60);
    expect(row).toContain('►│');
  });

  it('shows registrations, and the messages themselves, to those who ask', () => {
    const text = bookOf().text({ routine: true, messages: true });
    expect(text).toContain('REGISTER');
    expect(text).toContain('── 00:00:00.002 101 → PBX (udp 192.0.2.1:5060)\nINVITE sip:201@pbx SIP/2.0\n');
    expect(bookOf().text(ALL)).not.toContain('REGISTER');
  });

  it('says so where there is nothing', () => {
    expect(new TraceBook().text(ALL)).toBe('No message.\n');
  });
});

describe('filters', () => {
  it('of a call shows all its legs, by the identifier of the switch and by any Call-ID', () => {
    const book = bookOf();
    for (const sip of ['a', 'b']) book.link({ sip, call: 'c0ffee', from: '101', to: '201', at: 1 });
    for (const call of ['c0ffee', 'a', 'b']) expect(lines(book.text({ ...ALL, call }))).toHaveLength(5);
    expect(book.text({ ...ALL, call: 'other' })).toBe('No message.\n');
  });

  it('of a device shows what it sends and gets, by its number', () => {
    expect(lines(bookOf().text({ ...ALL, device: '101' }))).toHaveLength(3);
    expect(lines(bookOf().text({ ...ALL, device: OTHER }))).toHaveLength(3);
  });

  it('of a time shows what came from then until then', () => {
    expect(lines(bookOf().text({ ...ALL, from: 3, to: 4 }))).toHaveLength(3);
  });

  it('keep CSTA messages of the same call, with the application as the last column', () => {
    const book = bookOf();
    book.link({ sip: 'a', call: 'c0ffee', from: '101', to: '201', at: 1 });
    book.joinCsta({
      trace: () => [
        cstaEntry(1, 2, '9999 DeliveredEvent', '<callID>c0ffee</callID>'),
        cstaEntry(2, 2, '9999 X', ''),
      ],
      applications: [{ remote: '192.0.2.9:4000', name: 'CTI' }],
    });
    const [head, ...rows] = lines(book.text({ ...ALL, call: 'c0ffee' }));
    expect(head?.trim().split(/\s{2,}/u)).toEqual(['101', 'PBX', 'CTI']);
    expect(rows.filter((row) => row.includes('DeliveredEvent'))).toHaveLength(1);
    expect(rows).toHaveLength(3);
  });
});

const register = (remote: string, number: string, product: string) => ({
  ...CALL_THROUGH[0],
  number: 1,
  at: 1,
  direction: 'in' as const,
  transport: 'udp',
  line: '',
  callId: null,
  remote,
  text: `REGISTER sip:pbx SIP/2.0\nFrom: "A" <sip:${number}@pbx>;tag=1\nUser-Agent: ${product}\nCSeq: 1 REGISTER`,
});

describe('who is at the other end', () => {
  it('is known by its number, or by its product where it stands for several', () => {
    const book = bookOf([
      register('192.0.2.1:1', '101', 'Offhook practice phone'),
      register('192.0.2.1:2', '101', 'Some phone/1.0'),
      register('192.0.2.1:3', '101', 'Gateway/2'),
      register('192.0.2.1:3', '102', 'Gateway/2'),
    ]);
    expect(book.peers.map(({ name, numbers }) => [name, numbers])).toEqual([
      ['101', ['101']],
      ['101 Some phone', ['101']],
      ['Gateway', ['101', '102']],
    ]);
  });

  it('is forgotten when too many others have come', () => {
    const many = Array.from({ length: 250 }, (_, index) => register(`192.0.2.1:${index}`, '101', 'x'));
    expect(bookOf(many).peers).toHaveLength(200);
  });
});

describe('links between calls and dialogs', () => {
  it('are told once each, and the oldest are forgotten', () => {
    const book = new TraceBook();
    for (let index = 0; index < 1200; index += 1) {
      book.link({ sip: `s${index}`, call: 'c', from: '101', to: '201', at: index });
      book.link({ sip: `s${index}`, call: 'c', from: '101', to: '201', at: index });
    }
    expect(book.links(0)).toHaveLength(1000);
    expect(book.links(1199).map(({ sip }) => sip)).toEqual(['s1199']);
  });
});
