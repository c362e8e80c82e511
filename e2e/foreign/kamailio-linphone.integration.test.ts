import { hasLinphone, startLinphone } from './linphone.ts';
import { describeTelephone } from './telephone-suite.ts';

describeTelephone({ name: 'linphone', isHere: hasLinphone(), knowsReplaces: true, start: startLinphone });
