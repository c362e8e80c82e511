import type { DeviceSource, ListedDevice, OutputAbility } from '@offhook/phone-core';

/** Firefox's own window for speakers (Audio Output Devices API, §4); others list all of them once the microphone is permitted. */
interface AsksForOutput {
  selectAudioOutput(): Promise<MediaDeviceInfo>;
}

/** Absent where the page is not served over HTTPS or from this machine, whatever the types say. */
const mediaDevices = (): MediaDevices | undefined => navigator.mediaDevices;

function asks(devices: MediaDevices): devices is MediaDevices & AsksForOutput {
  return 'selectAudioOutput' in devices;
}

function outputAbility(): OutputAbility {
  const devices = mediaDevices();
  if (devices === undefined || !('setSinkId' in HTMLMediaElement.prototype)) return 'none';
  return asks(devices) ? 'asked' : 'any';
}

export function createDeviceSource(): DeviceSource {
  return {
    outputs: outputAbility(),
    async list() {
      try {
        const all = (await mediaDevices()?.enumerateDevices()) ?? [];
        return all.flatMap(toListed);
      } catch {
        return [];
      }
    },
    onChange(listener) {
      const devices = mediaDevices();
      devices?.addEventListener('devicechange', listener);
      return () => devices?.removeEventListener('devicechange', listener);
    },
  };
}

/** Where the person has to pick a speaker in the browser's own window; undefined where they did not. */
export async function pickOutput(): Promise<ListedDevice | undefined> {
  const devices = mediaDevices();
  if (devices === undefined || !asks(devices)) return undefined;
  try {
    return toListed(await devices.selectAudioOutput())[0];
  } catch {
    return undefined;
  }
}

function toListed({ kind, deviceId, label, groupId }: MediaDeviceInfo): readonly ListedDevice[] {
  return kind === 'videoinput' ? [] : [{ kind, deviceId, label, groupId }];
}
