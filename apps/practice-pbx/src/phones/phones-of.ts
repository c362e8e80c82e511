import type { Directory } from '../config/directory.ts';
import type { ExchangeConfig } from '../config/exchange.ts';
import type { DeskPhoneOptions } from './desk-phone.ts';

export type PhoneOptionsOf = Omit<DeskPhoneOptions, 'pbx' | 'ports' | 'pacer' | 'onChange'>;

/** The telephones that the PBX plays: desk phones of extensions, and some of the public network. */
export function phonesOf(config: ExchangeConfig, directory: Directory): readonly PhoneOptionsOf[] {
  const desk = config.phones.flatMap(
    ({ id, extension, transport, autoAnswerMs, toneHz }): PhoneOptionsOf[] => {
      const device = directory.device(extension);
      const name = device?.extension?.name;
      if (device === undefined || name === undefined) return [];
      const credentials = { username: device.user, password: device.password };
      const common = { number: device.id, name, credentials, transport, toneHz, autoAnswerMs };
      return [{ id: id ?? extension, kind: 'desk', codes: config.featureCodes, ...common }];
    },
  );
  const outside = config.outside.flatMap(({ number, name, toneHz, autoAnswerMs }): PhoneOptionsOf[] => {
    const device = directory.device(number);
    if (device === undefined) return [];
    const credentials = { username: device.user, password: device.password };
    const common = { number, name, credentials, transport: 'udp' as const, toneHz, autoAnswerMs };
    return [{ id: number.slice(1), kind: 'mobile', codes: config.featureCodes, ...common }];
  });
  return [...desk, ...outside];
}
