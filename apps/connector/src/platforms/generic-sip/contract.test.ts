import { platformContract } from '../contract-suite.ts';
import { SipExchange } from './exchange.test-support.ts';

platformContract('generic SIP with every code, beside a desk phone', {
  open: () => SipExchange.open({ mainNumber: '101' }),
  can: [
    'transfer',
    'completeTransfer',
    'conference',
    'deflect',
    'toVoicemail',
    'pushToDesk',
    'pushToAlternative',
    'pull',
    'park',
    'callBack',
    'pickUp',
    'groupPickUp',
  ],
  local: ['conference', 'deflect', 'toVoicemail', 'pull', 'pickUp', 'groupPickUp'],
  settable: [
    'forwarding.immediate',
    'forwarding.busy',
    'forwarding.noAnswer',
    'doNotDisturb',
    'alternativeNumber',
    'routing',
  ],
  kept: ['alternativeNumber', 'routing'],
});

platformContract('generic SIP of a PBX that has nothing, alone', {
  open: () => SipExchange.open({ codes: {}, packages: [] }),
  can: ['transfer', 'completeTransfer', 'conference', 'deflect', 'pushToAlternative'],
  local: ['conference', 'deflect'],
  settable: [
    'forwarding.immediate',
    'forwarding.busy',
    'forwarding.noAnswer',
    'doNotDisturb',
    'alternativeNumber',
    'routing',
    'busyBehaviour',
  ],
  kept: [
    'forwarding.immediate',
    'forwarding.busy',
    'forwarding.noAnswer',
    'doNotDisturb',
    'alternativeNumber',
    'routing',
    'busyBehaviour',
  ],
});

platformContract('generic SIP of a PBX that has nothing, beside a desk phone', {
  open: () => SipExchange.open({ mainNumber: '101', codes: {}, packages: [] }),
  can: ['transfer', 'completeTransfer', 'conference', 'deflect', 'pushToDesk', 'pushToAlternative'],
  local: ['conference', 'deflect'],
  settable: ['alternativeNumber', 'routing'],
  kept: ['alternativeNumber', 'routing'],
});
