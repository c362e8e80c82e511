import { siemensNamespace } from '../schema/namespaces.ts';
import type { DeviceId } from '../values/identifiers.ts';
import { toDeviceId } from '../values/identifiers.ts';
import type { PrivateData, PrivateElement } from './tree.ts';

/**
 * What OpenScape puts into private data, in the namespace `http://www.siemens.com/schema/csta`. Seen on OpenScape Voice are `staticOndDN`
 * and `extendedServicesPermitted`; how a push names its target device and asks for it to be answered is not published, so those two
 * names are inferred, and data of this module alone.
 */
export interface SiemensData {
  /** The device behind a One Number Service that is meant: whose state, or where a forwarding leads. */
  readonly staticOndDN?: DeviceId | undefined;
  /** Services beyond the standard's that the connection permits: names as they came. */
  readonly extendedServicesPermitted?: readonly string[] | undefined;
  /** Of SingleStepTransferCall: which device of the number shall ring (inferred). */
  readonly targetDevice?: DeviceId | undefined;
  /** Of SingleStepTransferCall: it shall answer by itself (inferred). */
  readonly autoAnswer?: boolean | undefined;
}

export function readSiemensData(data: PrivateData | undefined): SiemensData {
  const find = (name: string): PrivateElement | undefined =>
    data?.find((element) => element.namespace === siemensNamespace && element.name === name);
  const device = (name: string): DeviceId | undefined => {
    const text = find(name)?.text ?? '';
    return text === '' ? undefined : toDeviceId(text);
  };
  const services = find('extendedServicesPermitted')?.children;
  const autoAnswer = find('autoAnswer')?.text;
  return {
    staticOndDN: device('staticOndDN'),
    extendedServicesPermitted: services
      ?.filter(({ text }) => text === 'true' || text === '1')
      .map(({ name }) => name),
    targetDevice: device('targetDevice'),
    autoAnswer: autoAnswer === undefined ? undefined : autoAnswer === 'true' || autoAnswer === '1',
  };
}

const element = (name: string, text = '', children: PrivateData = []): PrivateElement => ({
  namespace: siemensNamespace,
  name,
  text,
  children,
});

/** Names of services have to be names of elements. `undefined` where nothing is to be said. */
export function siemensData(data: SiemensData): PrivateData | undefined {
  const { staticOndDN, extendedServicesPermitted, targetDevice, autoAnswer } = data;
  const elements = [
    ...(staticOndDN === undefined ? [] : [element('staticOndDN', staticOndDN)]),
    ...(targetDevice === undefined ? [] : [element('targetDevice', targetDevice)]),
    ...(autoAnswer === undefined ? [] : [element('autoAnswer', String(autoAnswer))]),
    ...(extendedServicesPermitted === undefined
      ? []
      : [
          element(
            'extendedServicesPermitted',
            '',
            extendedServicesPermitted.map((name) => element(name, 'true')),
          ),
        ]),
  ];
  return elements.length === 0 ? undefined : elements;
}
