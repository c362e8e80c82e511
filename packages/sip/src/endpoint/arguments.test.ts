import { describe, expect, it } from 'vitest';
import { Lab, requestFromPeer } from '../simulation/lab.test-support.ts';
import { nothingLeft, sdp } from '../simulation/world.test-support.ts';
import type { SipEndpointApi } from './api.ts';

const invite = { to: 'sip:bob@192.0.2.2', from: 'sip:alice@192.0.2.1', offer: sdp('offer') };
const register = {
  registrar: 'sip:192.0.2.2',
  aor: 'sip:alice@192.0.2.2',
  contactUser: 'alice',
  expires: 600,
  credentials: { username: 'alice', password: 'secret' },
};
const request = { method: 'MESSAGE', to: 'sip:bob@192.0.2.2', from: 'sip:alice@192.0.2.1' };

type Command = (sip: SipEndpointApi, now: number) => unknown;
const cases: readonly (readonly [words: string, command: Command])[] = [
  ['to: "bob" is no URI', (sip, now) => sip.invite({ ...invite, to: 'bob' }, now)],
  ['from: "" is no URI', (sip, now) => sip.invite({ ...invite, from: '' }, now)],
  ['is no Call-ID', (sip, now) => sip.invite({ ...invite, callId: 'two words' }, now)],
  ['describes nothing', (sip, now) => sip.invite({ ...invite, offer: sdp('') }, now)],
  [
    'is no media type',
    (sip, now) => sip.invite({ ...invite, offer: { ...sdp('x'), contentType: 'a/b\r\nEvil: 1' } }, now),
  ],
  ['Via is written by the endpoint', (sip, now) => sip.invite({ ...invite, headers: [['v', 'x']] }, now)],
  ['is no name of a header', (sip, now) => sip.invite({ ...invite, headers: [['X A:', 'b']] }, now)],
  ['has a line break', (sip, now) => sip.invite({ ...invite, headers: [['X-A', 'b\r\nEvil: 1']] }, now)],
  ['expires: NaN', (sip, now) => sip.register({ ...register, expires: Number.NaN }, now)],
  ['expires: -5', (sip, now) => sip.register({ ...register, expires: -5 }, now)],
  ['expires: 0 is no number of seconds from 1', (sip, now) => sip.register({ ...register, expires: 0 }, now)],
  ['aor: "alice" is no URI', (sip, now) => sip.register({ ...register, aor: 'alice' }, now)],
  ['"ME SSAGE" is no method', (sip, now) => sip.request({ ...request, method: 'ME SSAGE' }, now)],
  ['INVITE has a command of its own', (sip, now) => sip.request({ ...request, method: 'INVITE' }, now)],
];

describe('arguments that cannot go into a message', () => {
  it.each(cases)('%s', (words, command) => {
    const lab = new Lab();
    const act = () => lab.run(command);
    const wanted = words.replace(/^Via/, 'v');
    expect(act).toThrow(wanted);
    expect(act).toThrow(expect.objectContaining({ code: 'bad_argument' }));
    expect(lab.takeSent()).toEqual([]);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('are told to whoever answers, and the request can still be answered well', () => {
    const lab = new Lab();
    lab.receive(requestFromPeer(lab, 'INVITE', { body: 'offer' }));
    const { session } = lab.last('session.incoming');
    expect(() => lab.run((sip, now) => sip.accept(session, sdp(''), now))).toThrow('describes nothing');
    expect(() =>
      lab.run((sip, now) => sip.refuse(session, 302, now, { headers: [['To', '<sip:x@y.example>']] })),
    ).toThrow('To is written by the endpoint');
    lab.run((sip, now) => sip.accept(session, sdp('answer'), now));
    expect(lab.takeSent()).toContain('200 INVITE');
  });
});
