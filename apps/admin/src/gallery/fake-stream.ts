import type { OpenStream } from '../live/live.ts';
import type { Scene } from './scene.ts';

/** A stream that is open and tells nothing, or one that never comes. */
export const fakeStream =
  (stream: Scene['stream'] = 'quiet'): OpenStream =>
  ({ open, end }) => {
    const timer = setTimeout(stream === 'quiet' ? open : end, 0);
    return () => clearTimeout(timer);
  };
