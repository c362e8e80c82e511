import { describe, expect, it } from 'vitest';
import { header, toTag } from '../message/headers.ts';
import { answerTo, Lab } from '../simulation/lab.test-support.ts';
import { nothingLeft, sdp } from '../simulation/world.test-support.ts';

function call(lab: Lab, redirects?: number) {
  return lab.run((sip, now) =>
    sip.invite(
      {
        to: 'sip:bob@192.0.2.2',
        from: 'sip:alice@192.0.2.1',
        offer: sdp('offer'),
        credentials: { username: 'alice', password: 'secret' },
        ...(redirects !== undefined && { redirects }),
      },
      now,
    ),
  );
}

const moved = (...contacts: string[]) => ({ tag: 'x', headers: contacts.map((each) => `Contact: ${each}`) });

describe('redirection', () => {
  it('[RFC3261-8.1.3.4] is not followed unless asked for', () => {
    const lab = new Lab();
    call(lab);
    lab.receive(answerTo(lab.request('INVITE'), 302, moved('<sip:carol@192.0.2.3>')));
    expect(lab.last('session.ended').end).toMatchObject({ by: 'refused', response: { status: 302 } });
  });

  it('[RFC3261-8.1.3.4] goes to the contacts one after the other, the preferred first, in the same call', () => {
    const lab = new Lab();
    call(lab, 3);
    const first = lab.request('INVITE');
    const where = moved('<sip:late@192.0.2.4>;q=0.1, <sip:soon@192.0.2.3?Subject=x>;q=0.9');
    lab.receive(answerTo(first, 302, where));
    const second = lab.request('INVITE');
    expect(second.uri).toBe('sip:soon@192.0.2.3');
    expect(lab.sent.at(-1)?.target.address).toBe('192.0.2.3');
    expect(header(second, 'to')).toBe(header(first, 'to'));
    expect(header(second, 'from')).toBe(header(first, 'from'));
    expect(header(second, 'call-id')).toBe(header(first, 'call-id'));
    expect(header(second, 'cseq')).toBe('2 INVITE');
    expect(lab.last('session.redirected').to).toBe('sip:soon@192.0.2.3');
    lab.receive(answerTo(second, 486, { tag: 'y' }));
    const third = lab.request('INVITE');
    expect(third.uri).toBe('sip:late@192.0.2.4');
    lab.receive(answerTo(third, 200, { tag: 'carol', contact: 'sip:late@192.0.2.4', body: 'answer' }));
    expect(toTag(lab.request('ACK'))).toBe('carol');
    expect(lab.types().at(-1)).toBe('session.accepted');
  });

  it('[RFC3261-8.1.3.4] ends: nobody is called twice, and no more are called than allowed', () => {
    const lab = new Lab();
    call(lab, 2);
    lab.receive(answerTo(lab.request('INVITE'), 302, moved('<sip:bob@192.0.2.2>', '<sip:a@192.0.2.3>')));
    expect(lab.request('INVITE').uri).toBe('sip:a@192.0.2.3');
    lab.receive(answerTo(lab.request('INVITE'), 302, moved('<sip:b@192.0.2.3>', '<sip:c@192.0.2.3>')));
    expect(lab.request('INVITE').uri).toBe('sip:b@192.0.2.3');
    lab.receive(answerTo(lab.request('INVITE'), 302, moved('<sip:d@192.0.2.3>')));
    expect(lab.last('session.ended').end).toMatchObject({ by: 'refused', response: { status: 302 } });
    lab.advance(40_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC3261-8.1.3.4] 6xx of a contact ends all; 305, 380 and what is no SIP URI are not followed', () => {
    const lab = new Lab();
    call(lab, 5);
    lab.receive(answerTo(lab.request('INVITE'), 300, moved('<sip:a@192.0.2.3>', '<sip:b@192.0.2.3>')));
    lab.receive(answerTo(lab.request('INVITE'), 603, { tag: 'y' }));
    expect(lab.last('session.ended').end).toMatchObject({ by: 'refused', response: { status: 603 } });
    for (const [status, contact] of [
      [305, '<sip:proxy@192.0.2.9>'],
      [380, '<sip:a@192.0.2.3>'],
      [302, '<tel:+49301234>'],
      [302, '<sip:a@192.0.2.3;method=REGISTER>'],
    ] as const) {
      const other = new Lab();
      call(other, 5);
      other.receive(answerTo(other.request('INVITE'), status, moved(contact)));
      expect(other.types()).toEqual(['session.ended']);
    }
  });

  it('[digest-leak] whoever a call is redirected to is not given our credentials', () => {
    const lab = new Lab();
    call(lab, 1);
    lab.receive(answerTo(lab.request('INVITE'), 302, moved('<sip:evil@192.0.2.66>')));
    const challenge = 'WWW-Authenticate: Digest realm="pbx", nonce="n1", qop="auth"';
    lab.receive(answerTo(lab.request('INVITE'), 401, { tag: 'y', headers: [challenge] }));
    expect(header(lab.request('INVITE'), 'authorization')).toBeUndefined();
    expect(lab.last('session.ended').end).toMatchObject({ by: 'refused', response: { status: 401 } });
  });

  it('[RFC3261-26.2.2] a call that is to be secret is not led to where it would not be', () => {
    const lab = new Lab({ local: [{ transport: 'tls', address: '192.0.2.1', port: 5061 }] });
    const offer = sdp('offer');
    const call = { to: 'sips:bob@192.0.2.2', from: 'sips:alice@192.0.2.1', offer, redirects: 3 };
    lab.run((sip, now) => sip.invite(call, now));
    lab.receive(
      answerTo(lab.request('INVITE'), 302, moved('<sip:open@192.0.2.3>', '<sips:closed@192.0.2.4>')),
    );
    expect(lab.request('INVITE').uri).toBe('sips:closed@192.0.2.4');
  });

  it('hanging up while a contact rings cancels that one', () => {
    const lab = new Lab();
    const session = call(lab, 1);
    lab.receive(answerTo(lab.request('INVITE'), 302, moved('<sip:a@192.0.2.3>')));
    lab.receive(answerTo(lab.request('INVITE'), 180, { tag: 'z' }));
    lab.run((sip, now) => sip.end(session, now));
    expect(lab.request('CANCEL').uri).toBe('sip:a@192.0.2.3');
    lab.receive(answerTo(lab.request('INVITE'), 487, { tag: 'z' }));
    expect(lab.last('session.ended').end).toEqual({ by: 'local' });
  });
});
