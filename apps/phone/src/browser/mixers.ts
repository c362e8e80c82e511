import type { Microphone, Mix, Mixers, RemoteAudio } from '@offhook/phone-core';
import { BrowserMicrophone } from './microphones.ts';

/**
 * Adds the sound of another call to the microphone:
 * ```
 *  microphone ──┐
 *               ├──► destination ──► what the peer connection sends
 *  other side ──┘
 * ```
 * A microphone track that is disabled yields silence, so that muting needs nothing here. The other side plays in its own
 * `<audio>` element all the while: Chromium gives a remote stream to Web Audio only while an element plays it.
 */
export class BrowserMix implements Mix {
  readonly mixed = true;
  readonly stream: MediaStream;
  readonly track: MediaStreamTrack;
  readonly #sources: readonly AudioNode[];
  readonly #onClose: () => void;
  #closed = false;

  constructor(context: AudioContext, streams: readonly MediaStream[], onClose: () => void) {
    const destination = context.createMediaStreamDestination();
    this.#sources = streams.map((stream) => context.createMediaStreamSource(stream));
    for (const source of this.#sources) source.connect(destination);
    const [track] = destination.stream.getAudioTracks();
    if (track === undefined) throw new Error('A stream destination has one audio track.');
    this.stream = destination.stream;
    this.track = track;
    this.#onClose = onClose;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const source of this.#sources) source.disconnect();
    this.track.stop();
    this.#onClose();
  }
}

/** One audio context for all mixes: browsers allow a page a few. It ends with the last of them. */
class BrowserMixers implements Mixers {
  #context: AudioContext | undefined;
  #open = 0;

  open(microphone: Microphone | undefined, other: RemoteAudio): Mix {
    this.#context ??= new AudioContext();
    const context = this.#context;
    if (context.state === 'suspended') void context.resume();
    const own = microphone instanceof BrowserMicrophone ? [microphone.stream] : [];
    const heard = other instanceof MediaStream ? [other] : [];
    this.#open += 1;
    return new BrowserMix(context, [...own, ...heard], () => this.#closed());
  }

  #closed(): void {
    this.#open -= 1;
    if (this.#open > 0) return;
    void this.#context?.close();
    this.#context = undefined;
  }
}

export const browserMixers: Mixers = new BrowserMixers();
