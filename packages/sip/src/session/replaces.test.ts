import { describe, expect, it } from 'vitest';
import { fromTag, header, toTag } from '../message/headers.ts';
import {
  answeredCall,
  answerTo,
  callPeer,
  establishedCall,
  Lab,
  requestFromPeer,
} from '../simulation/lab.test-support.ts';
import { sdp } from '../simulation/world.test-support.ts';

/** A second caller asks to take the place of the dialog with these tags. */
function replacing(lab: Lab, replaces: string, more: string[] = []) {
  const headers = [`Replaces: ${replaces}`, 'Require: replaces', ...more];
  lab.receive(requestFromPeer(lab, 'INVITE', { callId: 'second', fromTag: 'carol', body: 'offer', headers }));
}

/** What a fresh call is answered whose Replaces name another one as `DIALOG`. */
function refused(replaces: string[]): string[] {
  const other = new Lab();
  const call = establishedCall(other);
  const tags = `;to-tag=${fromTag(call.invite)};from-tag=bob`;
  const values = replaces.map((each) => each.replace('DIALOG', `${header(call.invite, 'call-id')}${tags}`));
  const headers = values.map((each) => `Replaces: ${each}`);
  other.receive(requestFromPeer(other, 'INVITE', { callId: 'second', body: 'offer', headers }));
  return other.takeSent();
}

describe('Replaces', () => {
  it('[RFC3891-3] names the call that ends when the new one is accepted, and says so', () => {
    const lab = new Lab();
    const { session, invite } = establishedCall(lab);
    replacing(lab, `${header(invite, 'call-id')};to-tag=${fromTag(invite)};from-tag=bob`);
    const incoming = lab.last('session.incoming');
    expect(incoming.replaces).toBe(session);
    expect(lab.types()).not.toContain('session.ended');
    lab.run((sip, now) => sip.accept(incoming.session, sdp('answer'), now));
    expect(lab.summaries()).toContain('BYE');
    lab.receive(answerTo(lab.request('BYE'), 200));
    expect(lab.last('session.ended')).toMatchObject({
      session,
      end: { by: 'replaced', session: incoming.session },
    });
  });

  it('[RFC3891-3] works for a call that was answered here, too', () => {
    const lab = new Lab();
    const { session, toTag: ours } = answeredCall(lab);
    replacing(lab, `from-peer;to-tag=${ours};from-tag=peer`);
    expect(lab.last('session.incoming').replaces).toBe(session);
  });

  it('[RFC3891-3] cancels a call of ours that still rings', () => {
    const lab = new Lab();
    const { session, invite } = callPeer(lab);
    lab.receive(answerTo(invite, 180, { tag: 'bob' }));
    replacing(lab, `${header(invite, 'call-id')};to-tag=${fromTag(invite)};from-tag=bob;early-only`);
    const incoming = lab.last('session.incoming');
    expect(incoming.replaces).toBe(session);
    lab.run((sip, now) => sip.accept(incoming.session, sdp('answer'), now));
    expect(lab.summaries()).toContain('CANCEL');
    lab.receive(answerTo(invite, 487, { tag: 'bob' }));
    expect(lab.last('session.ended').end).toEqual({ by: 'replaced', session: incoming.session });
  });

  it('[RFC3891-3] is refused: 481 without such a dialog or for one that rings here, 486 with early-only, 400 unreadable', () => {
    const lab = new Lab();
    const { invite } = establishedCall(lab);
    const named = `${header(invite, 'call-id')};to-tag=${fromTag(invite)};from-tag=bob`;
    replacing(lab, 'nobody;to-tag=a;from-tag=b');
    replacing(lab, `${named};early-only`, ['Subject: 2']);
    expect(lab.takeSent()).toEqual(['481 INVITE', '482 INVITE']);
    expect(refused(['DIALOG;early-only'])).toEqual(['486 INVITE']);
    expect(refused(['DIALOG', 'DIALOG'])).toEqual(['400 INVITE']);
    expect(refused(['no tags'])).toEqual(['400 INVITE']);
    const ringing = new Lab();
    ringing.receive(requestFromPeer(ringing, 'INVITE', { body: 'offer' }));
    ringing.run((sip, now) => sip.ring(ringing.last('session.incoming').session, now));
    const tag = toTag(ringing.response(180)) ?? '';
    ringing.takeSent();
    replacing(ringing, `from-peer;to-tag=${tag};from-tag=peer`);
    expect(ringing.takeSent()).toEqual(['481 INVITE']);
  });

  it('[RFC3891-3] is declined 603 for a call that is ending', () => {
    const lab = new Lab();
    const { session, invite } = establishedCall(lab);
    lab.run((sip, now) => sip.end(session, now));
    lab.takeSent();
    replacing(lab, `${header(invite, 'call-id')};to-tag=${fromTag(invite)};from-tag=bob`);
    expect(lab.takeSent()).toEqual(['603 INVITE']);
  });

  it('[RFC3891-3] leaves the old call alone where the new one is cancelled while its 2xx waits for a PRACK', () => {
    const lab = new Lab();
    const { invite } = establishedCall(lab);
    const branch = lab.newBranch();
    const headers = [
      `Replaces: ${header(invite, 'call-id')};to-tag=${fromTag(invite)};from-tag=bob`,
      'Supported: 100rel',
    ];
    const second = { branch, callId: 'second', fromTag: 'carol' };
    lab.receive(requestFromPeer(lab, 'INVITE', { ...second, body: 'offer', headers }));
    const incoming = lab.last('session.incoming').session;
    lab.run((sip, now) => sip.ring(incoming, now, { status: 183, body: sdp('answer') }));
    lab.run((sip, now) => sip.accept(incoming, undefined, now));
    lab.receive(requestFromPeer(lab, 'CANCEL', second));
    expect(lab.takeSent()).toEqual(['183 INVITE', '200 CANCEL', '487 INVITE']);
    expect(lab.endpoint.counts().sessions).toBe(1);
  });

  it('[RFC3891-3] a new call that is refused leaves the old one alone', () => {
    const lab = new Lab();
    const { invite } = establishedCall(lab);
    replacing(lab, `${header(invite, 'call-id')};to-tag=${fromTag(invite)};from-tag=bob`);
    const incoming = lab.last('session.incoming');
    lab.run((sip, now) => sip.refuse(incoming.session, 486, now));
    expect(lab.summaries()).not.toContain('BYE');
    expect(lab.endpoint.counts().sessions).toBe(1);
  });

  it('[RFC3891-4] our own INVITE with Replaces requires it to be understood', () => {
    const lab = new Lab();
    const replaces = { callId: 'their-call', toTag: 'a', fromTag: 'b' };
    lab.run((sip, now) =>
      sip.invite(
        { to: 'sip:bob@192.0.2.2', from: 'sip:alice@192.0.2.1', offer: sdp('offer'), replaces },
        now,
      ),
    );
    expect(header(lab.request('INVITE'), 'replaces')).toBe('their-call;to-tag=a;from-tag=b');
    expect(header(lab.request('INVITE'), 'require')).toBe('replaces');
  });
});
