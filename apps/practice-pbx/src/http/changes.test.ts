import { describe, expect, it } from 'vitest';
import { afterChange, changeBetween, piecesOf } from './changes.ts';
import { quietView } from './face.test-support.ts';
import type { PbxView } from './views.ts';

const peer = (remote: string, name = remote) => ({ remote, name, product: '', numbers: [] });
const before = quietView({ peers: [peer('a'), peer('b'), peer('c')] });
const change = (after: PbxView) => changeBetween(piecesOf(before), piecesOf(after));

describe('changes of the view', () => {
  it('are nothing where nothing has changed, although all objects are new', () => {
    expect(change(structuredClone(before))).toBeUndefined();
  });

  it('carry only the items of a list that are others now, and the names of those that are gone', () => {
    const after = { ...before, peers: [peer('a'), peer('b', 'new'), peer('d')] };
    expect(change(after)).toEqual({ set: { peers: [peer('b', 'new'), peer('d')] }, gone: { peers: ['c'] } });
  });

  it('carry whole what is no list of named items', () => {
    const callBacks = [{ device: '101', to: '201' }];
    expect(change({ ...before, callBacks })).toEqual({ set: { callBacks }, gone: {} });
  });

  it('lead from one view to the other', () => {
    const after = { ...before, sip: '[::1]:5060', peers: [peer('a'), peer('b', 'new'), peer('d')] };
    const told = change(after);
    expect(told && afterChange(before, told)).toEqual(after);
  });
});
