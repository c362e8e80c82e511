import { hasBaresip, startBaresip } from './baresip.ts';
import { describeTelephone } from './telephone-suite.ts';

describeTelephone({ name: 'baresip', isHere: hasBaresip(), knowsReplaces: false, start: startBaresip });
