import { describeMediaEngine } from '../contract-suite.ts';
import { createEmbeddedEngine } from './create.ts';

describeMediaEngine('embedded', ({ bridges }) =>
  createEmbeddedEngine({
    browserUdpPort: 0,
    pbxAddress: '127.0.0.1',
    pbxPortRange: { first: 20_000, last: 29_999 },
    limits: { bridges },
  }),
);
