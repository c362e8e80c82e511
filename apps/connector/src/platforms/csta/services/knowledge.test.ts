import { describe, expect, it } from 'vitest';
import { Knowledge } from './knowledge.ts';

const listed = (lists: object) => {
  const knowledge = new Knowledge(['makeCall', 'setForwarding']);
  knowledge.listed({ name: 'GetSwitchingFunctionCapabilitiesResponse', ...lists });
  return knowledge;
};

describe('[ECMA-269-13.1.3] what a platform can', () => {
  it('is what the profile tries, where the platform says nothing', () => {
    const knowledge = listed({ callControlServList: [] });
    expect([knowledge.can('makeCall'), knowledge.can('parkCall')]).toEqual([true, false]);
  });

  it('is what it lists, in either spelling, and nothing else of that list', () => {
    const knowledge = listed({ callControlServList: ['ParkCall', 'singleStepTransfer'] });
    expect([knowledge.can('parkCall'), knowledge.can('singleStepTransferCall')]).toEqual([true, true]);
    expect(knowledge.can('makeCall')).toBe(false);
    // Of another list nothing was said.
    expect(knowledge.can('setForwarding')).toBe(true);
  });

  it('is whatever list it stands in', () => {
    expect(
      listed({ callControlServList: ['getMessageWaitingIndicator'] }).can('getMessageWaitingIndicator'),
    ).toBe(true);
  });

  it('is less when it refuses, until it is asked anew', () => {
    const knowledge = listed({ callControlServList: ['makeCall'] });
    expect([knowledge.lacks('makeCall'), knowledge.lacks('makeCall')]).toEqual([true, false]);
    expect(knowledge.can('makeCall')).toBe(false);
    knowledge.forget();
    expect(knowledge.can('makeCall')).toBe(true);
  });
});
