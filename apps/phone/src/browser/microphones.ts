import {
  MicrophoneError,
  type Microphone,
  type MicrophoneFailure,
  type Microphones,
} from '@offhook/phone-core';

const constraints: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

/** The system's default microphone. */
export class BrowserMicrophone implements Microphone {
  readonly stream: MediaStream;
  readonly track: MediaStreamTrack;

  constructor(stream: MediaStream, track: MediaStreamTrack) {
    this.stream = stream;
    this.track = track;
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
  }
}

export const browserMicrophones: Microphones = {
  async open() {
    // Absent where the page is not served over HTTPS or from this machine, whatever the types say.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (devices === undefined) throw new MicrophoneError('insecure');
    try {
      const stream = await devices.getUserMedia({ audio: constraints });
      const track = stream.getAudioTracks()[0];
      if (track === undefined) throw new MicrophoneError('missing');
      return new BrowserMicrophone(stream, track);
    } catch (thrown) {
      if (thrown instanceof MicrophoneError) throw thrown;
      throw new MicrophoneError(failureOf(thrown), { cause: thrown });
    }
  },
};

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
      return 'failed';
  }
}
