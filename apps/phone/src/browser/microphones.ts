import {
  MicrophoneError,
  type Microphone,
  type MicrophoneFailure,
  type Microphones,
} from '@offhook/phone-core';

/** What the person wants: the device, empty for the system's, and what is done to its sound. */
export interface MicrophoneWishes {
  readonly deviceId: string;
  readonly noiseSuppression: boolean;
  readonly echoCancellation: boolean;
  readonly autoGainControl: boolean;
}

export class BrowserMicrophone implements Microphone {
  readonly stream: MediaStream;
  readonly track: MediaStreamTrack;
  readonly #onClose: () => void;

  constructor(stream: MediaStream, track: MediaStreamTrack, onClose: () => void = () => undefined) {
    this.stream = stream;
    this.track = track;
    this.#onClose = onClose;
  }

  setEnabled(enabled: boolean): void {
    this.track.enabled = enabled;
  }

  onEnded(listener: () => void): void {
    this.track.addEventListener('ended', listener, { once: true });
  }

  /** A track that is stopped here fires no `ended`. */
  close(): void {
    this.track.stop();
    this.#onClose();
  }
}

/** The microphone that the person has chosen, opened as they want it. */
export class BrowserMicrophones implements Microphones {
  readonly #wishes: () => MicrophoneWishes;
  readonly #open = new Set<BrowserMicrophone>();
  readonly #listeners = new Set<() => void>();

  constructor(wishes: () => MicrophoneWishes) {
    this.#wishes = wishes;
  }

  /** The one opened last. */
  get current(): BrowserMicrophone | undefined {
    return [...this.#open].at(-1);
  }

  /** After a microphone was opened or closed. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async open(): Promise<BrowserMicrophone> {
    // Absent where the page is not served over HTTPS or from this machine, whatever the types say.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (devices === undefined) throw new MicrophoneError('insecure');
    try {
      const stream = await this.#stream(devices);
      const track = stream.getAudioTracks()[0];
      if (track === undefined) throw new MicrophoneError('missing');
      const microphone = new BrowserMicrophone(stream, track, () => {
        if (this.#open.delete(microphone)) this.#tell();
      });
      this.#open.add(microphone);
      this.#tell();
      return microphone;
    } catch (thrown) {
      if (thrown instanceof MicrophoneError) throw thrown;
      throw new MicrophoneError(failureOf(thrown), { cause: thrown });
    }
  }

  /**
   * Changes what is done to the sound of the microphones that are open. False where the browser does not do that to one that is
   * open, as Chromium with echo cancellation: then it has to be opened anew.
   */
  async retune(): Promise<boolean> {
    const { deviceId: _device, ...processing } = this.#wishes();
    const took = await Promise.all([...this.#open].map(({ track }) => retuneTrack(track, processing)));
    return took.every(Boolean);
  }

  /** A device that is not there after all gives way to the system's. */
  async #stream(devices: MediaDevices): Promise<MediaStream> {
    const { deviceId, ...processing } = this.#wishes();
    if (deviceId !== '') {
      try {
        return await devices.getUserMedia({ audio: { ...processing, deviceId: { exact: deviceId } } });
      } catch (thrown) {
        if (failureOf(thrown) !== 'missing') throw thrown;
      }
    }
    return devices.getUserMedia({ audio: processing });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

type TrackProcessing = Omit<MicrophoneWishes, 'deviceId'>;

async function retuneTrack(track: MediaStreamTrack, processing: TrackProcessing): Promise<boolean> {
  try {
    await track.applyConstraints({ ...processing });
  } catch {
    return false;
  }
  const is = track.getSettings();
  return (
    is.noiseSuppression === processing.noiseSuppression &&
    is.echoCancellation === processing.echoCancellation &&
    is.autoGainControl === processing.autoGainControl
  );
}

function failureOf(thrown: unknown): MicrophoneFailure {
  switch (thrown instanceof DOMException ? thrown.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'refused';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'in_use';
    default:
      // Chromium's is no DOMException.
      return isOverconstrained(thrown) ? 'missing' : 'failed';
  }
}

function isOverconstrained(thrown: unknown): boolean {
  return thrown instanceof Error
    ? thrown.name === 'OverconstrainedError'
    : typeof thrown === 'object' && thrown !== null && 'constraint' in thrown;
}
