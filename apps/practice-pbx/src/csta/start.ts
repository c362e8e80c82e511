import type { PbxSettings } from '../config/environment.ts';
import type { SwitchApi } from '../switch/api.ts';
import { PERSONALITIES } from './personalities/index.ts';
import { CstaServer } from './server.ts';

/** The CSTA server of the configured platform; a `generic` PBX has none. */
export async function startCsta(
  { address, cstaPort, exchange }: PbxSettings,
  api: SwitchApi,
  onChange: () => void,
): Promise<CstaServer | undefined> {
  const { platform, csta, featureCodes } = exchange;
  if (platform === 'generic') return undefined;
  const { user, password, applications, monitorsPerApplication, monitors } = csta;
  return CstaServer.open({
    address,
    port: cstaPort,
    api,
    personality: PERSONALITIES[platform],
    numbers: { voicemail: featureCodes.voicemail, parkSlots: featureCodes.unpark },
    credentials: user === undefined || password === undefined ? undefined : { user, password },
    applications,
    monitors: { perApplication: monitorsPerApplication, all: monitors },
    onChange,
  });
}
